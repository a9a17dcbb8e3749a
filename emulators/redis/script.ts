// Lua scripts as Redis runs them. ioredis-mock brings the Lua (fengari) but builds a machine per call, runs its own
// uncorrected commands inside it and loses error replies, so the bridge between the two is ours.

import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { formatDouble, RedisError, type Reply } from "./resp.ts";

type State = object;
type Lua = Record<string, (state: State, ...args: unknown[]) => unknown> & { LUA_REGISTRYINDEX: number };
type Fengari = {
  lua: Lua;
  lauxlib: Record<string, (state: State, ...args: unknown[]) => unknown> & { luaL_newstate(): State };
  lualib: Record<string, (state: State, ...args: unknown[]) => unknown>;
};

const requireBesideMock = createRequire(Bun.resolveSync("ioredis-mock", import.meta.dir));
const { lua, lauxlib, lualib } = requireBesideMock("fengari") as Fengari;

const prelude = `
  unpack = table.unpack
  loadstring = load
  os, io, package, require, dofile, loadfile, print = { clock = os.clock }, nil, nil, nil, nil, nil, nil
  redis = { LOG_DEBUG = 0, LOG_VERBOSE = 1, LOG_NOTICE = 2, LOG_WARNING = 3, log = function() end }
  redis.status_reply = function(text) return { ok = text } end
  redis.error_reply = function(text)
    if text:sub(1, 1) == "-" then text = text:sub(2) elseif not text:find(" ") then text = "ERR " .. text end
    return { err = text }
  end
  redis.sha1hex = sha1hex_of_host
  redis.pcall = function(...) return call_of_host(...) end
  redis.call = function(...)
    local reply = call_of_host(...)
    if type(reply) == "table" and reply.err then error(reply, 0) end
    return reply
  end
`;

export function sha1(latin1Text: string): string {
  return createHash("sha1").update(latin1Text, "latin1").digest("hex");
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}

function text(state: State, index: number): string {
  return Buffer.from(lua.lua_tostring?.(state, index) as Uint8Array).toString("latin1");
}

export class ScriptEngine {
  readonly #state: State = lauxlib.luaL_newstate();
  readonly #sources = new Map<string, string>();
  #call: (name: string, args: string[]) => Reply = () => null;

  constructor() {
    lualib.luaL_openlibs?.(this.#state);
    lua.lua_register?.(this.#state, bytes("call_of_host"), () => this.#callFromLua());
    lua.lua_register?.(this.#state, bytes("sha1hex_of_host"), () => {
      lua.lua_pushstring?.(this.#state, bytes(sha1(text(this.#state, 1))));
      return 1;
    });
    this.#load(prelude);
    lua.lua_call?.(this.#state, 0, 0);
  }

  /** Keeps the script and returns its SHA1; throws when it is not Lua. */
  keep(source: string): string {
    const sha = sha1(source);
    if (!this.#sources.has(sha)) {
      this.#load(source);
      lua.lua_settop?.(this.#state, 0);
      this.#sources.set(sha, source);
    }
    return sha;
  }

  find(sha: string): string | undefined {
    return this.#sources.get(sha.toLowerCase());
  }

  forgetAll() {
    this.#sources.clear();
  }

  /** Runs a kept script to its end. `call` runs one command for it. */
  run(source: string, keys: string[], args: string[], call: (name: string, args: string[]) => Reply): Reply {
    const state = this.#state;
    this.#call = call;
    this.#setGlobal("KEYS", keys);
    this.#setGlobal("ARGV", args);
    this.#load(source);
    try {
      const failed = lua.lua_pcall?.(state, 0, 1, 0) !== 0;
      const reply = this.#pop(-1);
      if (!failed) return reply;
      if (reply !== null && typeof reply === "object" && "error" in reply) throw new RedisError(reply.error);
      throw new RedisError(`ERR ${String(reply)} script: ${sha1(source)}`);
    } finally {
      lua.lua_settop?.(state, 0);
    }
  }

  #load(source: string) {
    const chunk = bytes(source);
    if (lauxlib.luaL_loadbuffer?.(this.#state, chunk, chunk.length, bytes("@user_script")) === 0) return;
    const message = text(this.#state, -1);
    lua.lua_settop?.(this.#state, 0);
    throw new RedisError(`ERR Error compiling script (new function): ${message}`);
  }

  #setGlobal(name: string, values: string[]) {
    this.#push(values);
    lua.lua_setglobal?.(this.#state, bytes(name));
  }

  #callFromLua(): number {
    const state = this.#state;
    const count = lua.lua_gettop?.(state) as number;
    const words: string[] = [];
    for (let index = 1; index <= count; index += 1) {
      const type = lua.lua_type?.(state, index);
      if (type !== lua.LUA_TSTRING && type !== lua.LUA_TNUMBER) {
        this.#push({ error: "ERR Lua redis lib command arguments must be strings or integers" });
        return 1;
      }
      words.push(text(state, index));
    }
    const [name, ...args] = words;
    try {
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
    if (reply === null) lua.lua_pushboolean?.(state, false);
    else if (typeof reply === "number") lua.lua_pushinteger?.(state, reply);
    else if (typeof reply === "string") lua.lua_pushstring?.(state, bytes(reply));
    else if (Array.isArray(reply)) this.#pushTable(reply.map((item, index) => [index + 1, item]));
    else if ("status" in reply) this.#pushTable([["ok", reply.status]]);
    else if ("error" in reply) this.#pushTable([["err", reply.error]]);
    else if ("double" in reply) this.#push(formatDouble(reply.double));
    else if ("map" in reply) this.#push(reply.map.flat());
    else if ("set" in reply) this.#push(reply.set);
    else if ("pairs" in reply)
      this.#push(reply.pairs.flatMap(([name, score]) => [name, formatDouble(score)]));
    else lua.lua_pushboolean?.(state, false);
  }

  #pushTable(entries: [string | number, Reply][]) {
    lua.lua_createtable?.(this.#state, 0, entries.length);
    for (const [key, value] of entries) {
      this.#push(key);
      this.#push(value);
      lua.lua_settable?.(this.#state, -3);
    }
  }

  /** The value on the stack as Redis answers it: numbers are cut, false is nothing, a list ends at the first nil. */
  #pop(index: number): Reply {
    const state = this.#state;
    const type = lua.lua_type?.(state, index);
    if (type === lua.LUA_TNUMBER) return Math.trunc(lua.lua_tonumber?.(state, index) as number);
    if (type === lua.LUA_TSTRING) return text(state, index);
    if (type === lua.LUA_TBOOLEAN) return lua.lua_toboolean?.(state, index) ? 1 : null;
    if (type !== lua.LUA_TTABLE) return null;
    for (const [field, mark] of [
      ["err", "error"],
      ["ok", "status"],
    ] as const) {
      lua.lua_getfield?.(state, index, bytes(field));
      const found = lua.lua_type?.(state, -1) === lua.LUA_TSTRING ? text(state, -1) : undefined;
      lua.lua_settop?.(state, -2);
      if (found !== undefined) return (mark === "error" ? { error: found } : { status: found }) as Reply;
    }
    const items: Reply[] = [];
    for (let position = 1; ; position += 1) {
      lua.lua_rawgeti?.(state, -1, position);
      const ended = lua.lua_type?.(state, -1) === lua.LUA_TNIL;
      if (!ended) items.push(this.#pop(-1));
      lua.lua_settop?.(state, -2);
      if (ended) return items;
    }
  }
}
