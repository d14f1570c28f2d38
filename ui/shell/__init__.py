"""The frame around the pages: start-up, window, navigation, actions."""
