-- Neovim as a client of the server: opens a mail, looks, edits, undoes, leaves. Writes what it saw
-- as JSON to $RACELORE_OUT. Written for 0.7, the version of Debian 12.
local seen = {}

local function diagnostics()
  return vim.tbl_map(function(d)
    return { line = d.lnum + 1, severity = d.severity, message = d.message, source = d.source }
  end, vim.diagnostic.get(0))
end

-- Errors and warnings; hints are not what a reader is stopped by.
local function serious()
  return vim.diagnostic.get(0, { severity = { min = vim.diagnostic.severity.WARN } })
end

-- Waits for a condition; what was not reached is named in the report.
local function wait(what, condition)
  if not vim.wait(15000, condition, 20) then error('timed out: ' .. what) end
end

local function run()
  local id = vim.lsp.start_client({
    name = 'racelore',
    cmd = { vim.env.RACELORE_NODE, vim.env.RACELORE_SERVER, '--stdio' },
    root_dir = vim.fn.getcwd(),
  })
  wait('initialize', function()
    local client = vim.lsp.get_client_by_id(id)
    return client and client.initialized
  end)
  vim.lsp.buf_attach_client(0, id)
  wait('a finding', function() return #serious() > 0 end)
  seen.opened = diagnostics()

  local first = serious()[1]
  local document = { uri = vim.uri_from_bufnr(0) }
  local position = { line = first.lnum, character = first.col }
  local function request(method, params)
    local answer = vim.lsp.buf_request_sync(0, method, params, 15000)
    return answer and answer[id] and answer[id].result
  end
  local hover = request('textDocument/hover', { textDocument = document, position = position })
  seen.hover = hover and hover.contents.value
  seen.lenses = vim.tbl_map(function(lens)
    return { line = lens.range.start.line + 1, title = lens.command and lens.command.title }
  end, request('textDocument/codeLens', { textDocument = document }) or {})
  seen.race = request('workspace/executeCommand', {
    command = 'racelore.runRace',
    arguments = { { uri = document.uri, line = first.lnum } },
  })

  vim.api.nvim_buf_set_lines(0, first.lnum, first.lnum + 1, false, {})
  wait('the edit to clear it', function() return #serious() == 0 end)
  seen.edited = diagnostics()
  vim.cmd('undo')
  wait('undo to restore it', function() return #serious() > 0 end)
  seen.undone = diagnostics()

  vim.lsp.stop_client(id)
  wait('the server to stop', function() return vim.lsp.get_client_by_id(id) == nil end)
end

local ok, problem = pcall(run)
if not ok then seen.problem = tostring(problem) end
local out = assert(io.open(vim.env.RACELORE_OUT, 'w'))
out:write(vim.fn.json_encode(seen))
out:close()
vim.cmd(ok and 'qall!' or 'cquit 1')
