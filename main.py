"""Start svcdesk: the window without words, the command line with words."""

import sys

from ui.launch import main

if __name__ == "__main__":
    sys.exit(main())
