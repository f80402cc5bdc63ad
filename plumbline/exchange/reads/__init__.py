"""Questions of imports and exports, one file per subject."""
