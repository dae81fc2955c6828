/** WebAssembly as far as the search uses it; every runtime has it, `@types/node` has not. */

declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Memory {
    constructor(pages: { readonly initial: number; readonly maximum?: number });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  class Instance {
    constructor(module: Module, imports: { readonly heap: { readonly memory: Memory } });
    readonly exports: object;
  }
}
