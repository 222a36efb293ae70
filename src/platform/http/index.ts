export { addressList } from "./address-list.ts";
export { deviceCookie, sessionCookie } from "./call.ts";
export { openHttp } from "./open-http.ts";
export { instanceHeader, type HostDoor } from "./serve-host.ts";
export {
  changesInput,
  plainInput,
  route,
  routes,
  type HttpReply,
  type HttpRequest,
  type Route,
  type RouteTable,
} from "./routes.ts";
