"""The command line: parse, call one function, print. Everything heavy is imported in commands."""
