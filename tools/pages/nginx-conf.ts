// A web server for the static pages: their security headers, files with a hash in their name kept for ever, and nothing else.
import { type Addresses, cacheControl, securityHeaders } from "./bundle.ts";

/** Writes into /tmp alone, and listens on a port that needs no rights. */
export function nginxConf(addresses: Addresses): string {
  const headers = (isKept: boolean) =>
    Object.entries({ ...securityHeaders(addresses), "cache-control": cacheControl(isKept) })
      .map(([name, value]) => `      add_header ${name} "${value}" always;`)
      .join("\n");
  return `pid /tmp/nginx.pid;
error_log /dev/stderr warn;
events {}
http {
  include /etc/nginx/mime.types;
  charset utf-8;
  charset_types text/html text/css text/javascript application/javascript application/json;
  server_tokens off;
  access_log off;
  gzip_static on;
  gzip_vary on;
  client_body_temp_path /tmp/body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;
  server {
    listen 8080;
    root /pages;
    location = /health/live {
      return 204;
    }
    location ~ "^/(app|style)-[a-z0-9]+[.](js|css)$" {
${headers(true)}
    }
    location / {
      index index.html;
${headers(false)}
    }
  }
}
`;
}
