"""One module per place: `dev` (make run), `test` (pytest), `prod`. All read the environment through `base`."""
