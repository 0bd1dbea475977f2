"""Pictures in the API: sent first, then named by a post or draft."""

from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from social.feed.api.reading import MemberRequest
from social.pictures import operations, serializers


class PicturesView(GenericAPIView):
    """POST pictures"""

    permission_classes = [IsAuthenticated]
    serializer_class = serializers.SendPicture
    parser_classes = [MultiPartParser]
    pagination_class = None

    @extend_schema(
        operation_id="pictures_send",
        summary="Send a picture",
        description="JPEG, PNG or WebP of at most 5 MiB and 25 megapixels, as `picture` of a form; of an animation its "
        "first frame. It is drawn anew from its pixels, without a camera's notes. Name its id in `pictures` of a post "
        "or draft within a day; then it is thrown away. 413 `picture-too-big`, 415 `picture-type`, 422 "
        "`picture-unreadable`, 429 after UPLOADS_PER_HOUR.",
        request={"multipart/form-data": serializers.SendPicture},
        responses={201: serializers.Picture},
        tags=["posts"],
    )
    def post(self, request: MemberRequest) -> Response:
        upload, alt = _picture_in(request)
        picture = operations.send_picture(sender=request.user, upload=upload, alt=alt, at=timezone.now())
        return Response(serializers.Picture(picture).data, status=201)


def _picture_in(request: MemberRequest) -> tuple[Any, str]:
    """The file and its description. May refuse with 400."""
    try:
        sent: Any = request.data
    except SuspiciousOperation as error:
        raise ParseError(_("This form cannot be read.")) from error
    upload = request.FILES.get("picture")
    if not upload or not set(sent) <= {"picture", "alt"} or any(len(sent.getlist(name)) > 1 for name in sent):
        raise ValidationError({"picture": [_("Send one picture, and nothing else.")]})
    return upload, str(sent.get("alt", ""))
