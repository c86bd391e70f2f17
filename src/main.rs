//! The program: runs the command line and maps its outcome to an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    mcp_gateway::cli::main()
}
