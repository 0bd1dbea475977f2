from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """What is yet to be rendered is found without reading what has been; built beside readers and writers."""

    atomic = False

    dependencies = [("social", "0045_words")]

    operations = [
        AddIndexConcurrently(
            model_name="post",
            index=models.Index(
                condition=models.Q(("deleted_at", None), ("html", "")), fields=["-id"], name="social_post_unrendered"
            ),
        ),
        AddIndexConcurrently(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("deleted_at", None), ("html", "")),
                fields=["-id"],
                name="social_comment_unrendered",
            ),
        ),
    ]
