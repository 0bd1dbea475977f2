"""The web process (uvicorn config.asgi:application)."""

import gc
import os
import warnings

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
os.environ.setdefault("CIVITAS_PROCESS", "web")

# Whitenoise hands its files over piece by piece from threads; they are small, and Django says so at each first one.
warnings.filterwarnings("ignore", "StreamingHttpResponse must consume synchronous iterators", Warning)

_django = get_asgi_application()

import config.urls  # noqa: E402, F401 - all views and serializers now, not with the first request
from config.lib.bodies import BodyCap  # noqa: E402 - the settings come first
from config.lib.presence import Presence  # noqa: E402

application = Presence(BodyCap(_django))

# What is loaded by now stays for good: looking through it for garbage again and again took a sixth of a page's time.
gc.collect()
gc.freeze()
