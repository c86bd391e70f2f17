"""What entries of the Python package start."""
from mcp_gateway import main

if __name__ == "__main__":
    main()
