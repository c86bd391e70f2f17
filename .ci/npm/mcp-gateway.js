#!/usr/bin/env node
// Runs the program, which a package for each system carries.
"use strict";
const { spawn } = require("node:child_process");

const system = `${process.platform}-${process.arch}`;
const name = `mcp-gateway-${system}`;

function program() {
  try {
    return require.resolve(`${name}/mcp-gateway`);
  } catch {
    console.error(
      `mcp-gateway: the package ${name} is missing. There is none for some systems, and npm installs none with ` +
        "--omit=optional. Install without that option, or build the program: cargo install --path ."
    );
    process.exit(1);
  }
}

const path = program();
// Node can become the program from 22.15 on; then no second process stays.
if (process.execve) process.execve(path, [path, ...process.argv.slice(2)], process.env);

const child = spawn(path, process.argv.slice(2), { stdio: "inherit" });
// What asks this process to end asks the program, which has something to put in order.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
  console.error(`mcp-gateway: ${error.message}`);
  process.exit(1);
});
child.on("exit", (code, signal) => {
  if (!signal) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
