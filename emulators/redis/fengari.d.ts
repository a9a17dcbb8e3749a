/** The part of Lua's C interface that the scripts need. Strings are bytes. */
declare module "fengari" {
  export type State = object;
  type Function = (state: State) => number;
  export const lua: Record<
    "LUA_TBOOLEAN" | "LUA_TNIL" | "LUA_TNUMBER" | "LUA_TSTRING" | "LUA_TTABLE",
    number
  > & {
    lua_call(state: State, args: number, results: number): void;
    lua_createtable(state: State, items: number, fields: number): void;
    lua_getfield(state: State, index: number, name: Uint8Array): number;
    lua_gettop(state: State): number;
    lua_pcall(state: State, args: number, results: number, handler: number): number;
    lua_pushboolean(state: State, value: boolean): void;
    lua_pushinteger(state: State, value: number): void;
    lua_pushstring(state: State, value: Uint8Array): void;
    lua_rawgeti(state: State, index: number, position: number): number;
    lua_register(state: State, name: Uint8Array, run: Function): void;
    lua_setglobal(state: State, name: Uint8Array): void;
    lua_settable(state: State, index: number): void;
    lua_settop(state: State, index: number): void;
    lua_toboolean(state: State, index: number): boolean;
    lua_tonumber(state: State, index: number): number;
    lua_tostring(state: State, index: number): Uint8Array;
    lua_type(state: State, index: number): number;
  };
  export const lauxlib: {
    luaL_loadbuffer(state: State, source: Uint8Array, length: number, name: Uint8Array): number;
    luaL_newstate(): State;
  };
  export const lualib: { luaL_openlibs(state: State): void };
}
