// Lua scripts as Redis runs them, on fengari, a Lua in JavaScript.

import { createHash } from "node:crypto";
import { lauxlib, lua, lualib, type State } from "fengari";
import { formatDouble, RedisError, type Reply } from "./resp.ts";

type Call = (name: string, args: string[]) => Reply;

const prelude = `
  unpack = table.unpack
  loadstring = load
  os, io, package, require, dofile, loadfile, print = { clock = os.clock }, nil, nil, nil, nil, nil, nil
  redis = {}
  redis.status_reply = function(text) return { ok = text } end
  redis.error_reply = function(text)
    if text:sub(1, 1) == "-" then text = text:sub(2) elseif not text:find(" ") then text = "ERR " .. text end
    return { err = text }
  end
  redis.pcall = function(...) return call_of_host(...) end
  redis.call = function(...)
    local reply = call_of_host(...)
    if type(reply) == "table" and reply.err then error(reply, 0) end
    return reply
  end
`;

const bytes = (text: string): Uint8Array => Buffer.from(text, "latin1");
const textAt = (state: State, index: number): string =>
  Buffer.from(lua.lua_tostring(state, index)).toString("latin1");

export class ScriptEngine {
  readonly #state: State = lauxlib.luaL_newstate();
  readonly #sources = new Map<string, string>();
  #call: Call = () => null;

  constructor() {
    lualib.luaL_openlibs(this.#state);
    lua.lua_register(this.#state, bytes("call_of_host"), () => this.#callFromLua());
    this.#load(prelude);
    lua.lua_call(this.#state, 0, 0);
  }

  /** Keeps the script and returns its SHA1; throws when it is not Lua. */
  keep(source: string): string {
    const sha = createHash("sha1").update(source, "latin1").digest("hex");
    if (!this.#sources.has(sha)) {
      this.#load(source);
      lua.lua_settop(this.#state, 0);
      this.#sources.set(sha, source);
    }
    return sha;
  }

  /** Runs a kept script to its end. `call` runs one command for it. */
  run(sha: string, keys: string[], args: string[], call: Call): Reply {
    const source = this.#sources.get(sha.toLowerCase());
    if (source === undefined) throw new RedisError("NOSCRIPT No matching script. Please use EVAL.");
    const state = this.#state;
    this.#call = call;
    this.#setGlobal("KEYS", keys);
    this.#setGlobal("ARGV", args);
    this.#load(source);
    try {
      const failed = lua.lua_pcall(state, 0, 1, 0) !== 0;
      const reply = this.#read();
      if (!failed) return reply;
      if (reply !== null && typeof reply === "object" && "error" in reply) throw new RedisError(reply.error);
      throw new RedisError(`ERR ${String(reply)} script: ${sha}`);
    } finally {
      lua.lua_settop(state, 0);
    }
  }

  #load(source: string) {
    const chunk = bytes(source);
    if (lauxlib.luaL_loadbuffer(this.#state, chunk, chunk.length, bytes("@user_script")) === 0) return;
    const message = textAt(this.#state, -1);
    lua.lua_settop(this.#state, 0);
    throw new RedisError(`ERR Error compiling script (new function): ${message}`);
  }

  #setGlobal(name: string, values: string[]) {
    this.#push(values);
    lua.lua_setglobal(this.#state, bytes(name));
  }

  /** Lua's arguments are the command's words; its reply is left on the stack. */
  #callFromLua(): number {
    const state = this.#state;
    try {
      const words = Array.from({ length: lua.lua_gettop(state) }, (_, at) => {
        const type = lua.lua_type(state, at + 1);
        if (type === lua.LUA_TSTRING || type === lua.LUA_TNUMBER) return textAt(state, at + 1);
        throw new RedisError("ERR Lua redis lib command arguments must be strings or integers");
      });
      const [name, ...args] = words;
      if (name === undefined) throw new RedisError("ERR Please specify at least one argument for this call");
      this.#push(this.#call(name.toLowerCase(), args));
    } catch (error) {
      if (!(error instanceof RedisError)) throw error;
      this.#push({ error: error.message });
    }
    return 1;
  }

  #push(reply: Reply) {
    const state = this.#state;
    if (typeof reply === "number") lua.lua_pushinteger(state, reply);
    else if (typeof reply === "string") lua.lua_pushstring(state, bytes(reply));
    else if (Array.isArray(reply)) this.#pushTable(reply.map((item, index) => [index + 1, item]));
    else if (reply && "status" in reply) this.#pushTable([["ok", reply.status]]);
    else if (reply && "error" in reply) this.#pushTable([["err", reply.error]]);
    else if (reply && "double" in reply) this.#push(formatDouble(reply.double));
    else if (reply && "pairs" in reply)
      this.#push(reply.pairs.flatMap(([member, score]) => [member, formatDouble(score)]));
    else lua.lua_pushboolean(state, false);
  }

  #pushTable(entries: [string | number, Reply][]) {
    lua.lua_createtable(this.#state, 0, entries.length);
    for (const [key, value] of entries) {
      this.#push(key);
      this.#push(value);
      lua.lua_settable(this.#state, -3);
    }
  }

  /** The value on top of the stack as Redis answers it: numbers are cut, false is nothing, a list ends at the first nil. */
  #read(): Reply {
    const state = this.#state;
    const type = lua.lua_type(state, -1);
    if (type === lua.LUA_TNUMBER) return Math.trunc(lua.lua_tonumber(state, -1));
    if (type === lua.LUA_TSTRING) return textAt(state, -1);
    if (type === lua.LUA_TBOOLEAN) return lua.lua_toboolean(state, -1) ? 1 : null;
    if (type !== lua.LUA_TTABLE) return null;
    const error = this.#readField("err");
    if (error !== undefined) return { error };
    const status = this.#readField("ok");
    if (status !== undefined) return { status };
    const items: Reply[] = [];
    while (lua.lua_rawgeti(state, -1, items.length + 1) !== lua.LUA_TNIL) {
      items.push(this.#read());
      lua.lua_settop(state, -2);
    }
    lua.lua_settop(state, -2);
    return items;
  }

  #readField(name: string): string | undefined {
    const isText = lua.lua_getfield(this.#state, -1, bytes(name)) === lua.LUA_TSTRING;
    const found = isText ? textAt(this.#state, -1) : undefined;
    lua.lua_settop(this.#state, -2);
    return found;
  }
}
