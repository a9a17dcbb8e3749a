/** The part of Lua's C interface that the scripts need. Strings are bytes. */
declare module "fengari" {
  export type State = object;
  type Call<Result = void> = (
    state: State,
    ...args: (number | boolean | Uint8Array | (() => number))[]
  ) => Result;
  type Effects =
    | "call"
    | "createtable"
    | "pushboolean"
    | "pushinteger"
    | "pushstring"
    | "register"
    | "setglobal";
  type Numbers = "getfield" | "gettop" | "pcall" | "rawgeti" | "tonumber" | "type";
  export const lua: Record<`lua_${Effects | "settable" | "settop"}`, Call> &
    Record<`lua_${Numbers}`, Call<number>> &
    Record<"lua_toboolean", Call<boolean>> &
    Record<"lua_tostring", Call<Uint8Array>> &
    Record<`LUA_T${"BOOLEAN" | "NIL" | "NUMBER" | "STRING" | "TABLE"}`, number>;
  export const lauxlib: { luaL_newstate(): State; luaL_loadbuffer: Call<number> };
  export const lualib: { luaL_openlibs: Call };
}
