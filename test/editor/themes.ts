/** The variables that VS Code gives a webview, as far as the trace view uses them, from its default themes. */
export interface Theme {
  readonly name: string;
  /** Class of the body. */
  readonly kind:
    'vscode-light' | 'vscode-dark' | 'vscode-high-contrast' | 'vscode-high-contrast-light';
  readonly variables: Readonly<Record<string, string>>;
}

const COMMON = {
  'font-family': 'sans-serif',
  'font-size': '13px',
  'editor-font-family': 'monospace',
};

const LIGHT: Theme = {
  name: 'light',
  kind: 'vscode-light',
  variables: {
    ...COMMON,
    foreground: '#3b3b3b',
    'editor-background': '#ffffff',
    descriptionForeground: '#3b3b3b',
    'panel-border': '#e5e5e5',
    focusBorder: '#005fb8',
    'textLink-foreground': '#005fb8',
    'editorError-foreground': '#e51400',
    'button-background': '#005fb8',
    'button-foreground': '#ffffff',
    'button-border': '#0000001a',
    'button-secondaryBackground': '#e5e5e5',
    'button-secondaryForeground': '#3b3b3b',
    'button-secondaryHoverBackground': '#cccccc',
    'list-hoverBackground': '#f2f2f2',
    'editor-selectionHighlightBackground': '#add6ff80',
    'editorWidget-background': '#f8f8f8',
    'editorWidget-border': '#c8c8c8',
    'charts-blue': '#1a85ff',
    'charts-orange': '#d18616',
    'charts-green': '#388a34',
    'charts-purple': '#652d90',
    'charts-red': '#e51400',
    'charts-yellow': '#bf8803',
    'charts-foreground': '#3b3b3b',
    'charts-lines': '#3b3b3b80',
  },
};

const DARK: Theme = {
  name: 'dark',
  kind: 'vscode-dark',
  variables: {
    ...COMMON,
    foreground: '#cccccc',
    'editor-background': '#1f1f1f',
    descriptionForeground: '#9d9d9d',
    'panel-border': '#2b2b2b',
    focusBorder: '#0078d4',
    'textLink-foreground': '#4daafc',
    'editorError-foreground': '#f14c4c',
    'button-background': '#0078d4',
    'button-foreground': '#ffffff',
    'button-border': '#ffffff12',
    'button-secondaryBackground': '#313131',
    'button-secondaryForeground': '#cccccc',
    'button-secondaryHoverBackground': '#3c3c3c',
    'list-hoverBackground': '#2a2d2e',
    'editor-selectionHighlightBackground': '#add6ff26',
    'editorWidget-background': '#202020',
    'editorWidget-border': '#454545',
    'charts-blue': '#3794ff',
    'charts-orange': '#d18616',
    'charts-green': '#89d185',
    'charts-purple': '#b180d7',
    'charts-red': '#f14c4c',
    'charts-yellow': '#cca700',
    'charts-foreground': '#cccccc',
    'charts-lines': '#cccccc80',
  },
};

const HIGH_CONTRAST: Theme = {
  name: 'high contrast',
  kind: 'vscode-high-contrast',
  variables: {
    ...COMMON,
    foreground: '#ffffff',
    'editor-background': '#000000',
    descriptionForeground: '#ffffffb3',
    'panel-border': '#6fc3df',
    contrastBorder: '#6fc3df',
    contrastActiveBorder: '#f38518',
    focusBorder: '#f38518',
    'textLink-foreground': '#21a6ff',
    'editorError-foreground': '#f48771',
    'button-foreground': '#ffffff',
    'button-border': '#6fc3df',
    'button-secondaryForeground': '#ffffff',
    'editorWidget-background': '#0c141f',
    'editorWidget-border': '#6fc3df',
    'charts-blue': '#3794ff',
    'charts-orange': '#ab5a00',
    'charts-green': '#89d185',
    'charts-purple': '#b180d7',
    'charts-red': '#f48771',
    'charts-yellow': '#ffd370',
    'charts-foreground': '#ffffff',
    'charts-lines': '#ffffff80',
  },
};

const HIGH_CONTRAST_LIGHT: Theme = {
  name: 'high contrast light',
  kind: 'vscode-high-contrast-light',
  variables: {
    ...COMMON,
    foreground: '#292929',
    'editor-background': '#ffffff',
    descriptionForeground: '#292929b3',
    'panel-border': '#0f4a85',
    contrastBorder: '#0f4a85',
    contrastActiveBorder: '#006bbd',
    focusBorder: '#006bbd',
    'textLink-foreground': '#0f4a85',
    'editorError-foreground': '#b5200d',
    'button-background': '#0f4a85',
    'button-foreground': '#ffffff',
    'button-border': '#0f4a85',
    'button-secondaryBackground': '#ffffff',
    'button-secondaryForeground': '#292929',
    'editorWidget-background': '#ffffff',
    'editorWidget-border': '#0f4a85',
    'charts-blue': '#1a85ff',
    'charts-orange': '#d18616',
    'charts-green': '#374e06',
    'charts-purple': '#652d90',
    'charts-red': '#b5200d',
    'charts-yellow': '#895503',
    'charts-foreground': '#292929',
    'charts-lines': '#29292980',
  },
};

export const THEMES: readonly Theme[] = [LIGHT, DARK, HIGH_CONTRAST, HIGH_CONTRAST_LIGHT];

export function themeCss(theme: Theme): string {
  const lines = Object.entries(theme.variables).map(
    ([name, value]) => `--vscode-${name}: ${value};`,
  );
  return `:root { ${lines.join(' ')} }\n`;
}
