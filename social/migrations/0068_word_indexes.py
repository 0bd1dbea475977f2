from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    """Indexes of words, built beside readers and writers."""

    atomic = False

    dependencies = [("social", "0067_words_of_before")]

    operations = [
        AddIndexConcurrently(model_name=name, index=GinIndex(fields=["words"], name=f"social_{name}_words"))
        for name in ("postwords", "commentwords", "pagewords")
    ]
