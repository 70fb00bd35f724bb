from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models


class Author(models.Model):
    name = models.CharField(max_length=100, unique=True)
    email = models.EmailField(blank=True, db_index=True)
    born = models.DateField(null=True)

    class Meta:
        app_label = "django_client"


class Tag(models.Model):
    label = models.SlugField()

    class Meta:
        app_label = "django_client"


class Book(models.Model):
    id = models.UUIDField(primary_key=True)
    title = models.CharField(max_length=200)
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="books")
    tags = models.ManyToManyField(Tag)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    rating = models.FloatField(default=0)
    pages = models.PositiveIntegerField(default=1)
    published = models.DateTimeField(null=True)
    reading = models.DurationField(null=True)
    opens = models.TimeField(null=True)
    cover = models.BinaryField(null=True)
    meta = models.JSONField(default=dict)
    words = ArrayField(models.TextField(), default=list)
    sold = DateRangeField(null=True)
    address = models.GenericIPAddressField(null=True)
    active = models.BooleanField(default=True)

    class Meta:
        app_label = "django_client"
        indexes = [models.Index(fields=["title", "-price"], name="book_title_price")]
        constraints = [
            models.CheckConstraint(check=models.Q(price__gte=0), name="price_not_negative"),
            models.UniqueConstraint(fields=["author"], condition=models.Q(active=False), name="one_inactive"),
        ]
