declare module "ioredis-mock" {
  /** An emulated client: each command is a method that has its answer before it returns the promise of it. */
  export default class RedisMock {
    constructor(options: { host: string; port: number; lazyConnect: boolean });
  }
}
