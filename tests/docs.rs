//! README.md, the pages of docs/ and every `--help`, held to what the program is: their commands run, their
//! configurations are accepted, their tables name every key, and what they refer to is there.

mod commands;
mod examples;
mod help;
mod pages;
mod references;
mod rows;
mod tables;
