"""Keys of one machine, made at its first start and kept in DATA_DIR: a development key is never a published one."""

import json
import os
import secrets

from cryptography.fernet import Fernet

from config.settings.base import DATA_DIR


def _kept_keys() -> dict[str, str]:
    path = DATA_DIR / "development-keys.json"
    fresh = {
        "django": secrets.token_urlsafe(50),
        "jwt": secrets.token_urlsafe(50),
        "codes": secrets.token_urlsafe(50),
        "fields": Fernet.generate_key().decode(),
    }
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(fresh))
    try:
        os.link(draft, path)  # fails when another process was first: its keys count
    except FileExistsError:
        return dict(json.loads(path.read_text()))
    finally:
        draft.unlink()
    return fresh


keys = _kept_keys()
