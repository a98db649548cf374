"""What is no standard is refused with one plain sentence."""

import pytest

from standards.nos import NotAStandard, read_bytes, read_text

RECIPE = """\
Victoria sponge
Serves 8
Ingredients
1. 200 g butter
2. 4 eggs
Method
1. Preheat the oven to 180C.
2. Beat the butter and sugar.
You need to know and understand your oven:
1. its hot side
"""
JOB_ADVERT = """\
Customer Service Adviser - Leeds
Salary: £21,000 per annum. Closing date 1 May.
We are looking for a friendly person.
You must be able to:
- work weekends
- lift 15 kg
Knowledge and understanding
- good English
- knowledge of our products
To apply now send your CV and a covering letter.
"""
CV = """\
Curriculum Vitae
Jane Smith
Key skills
- Knowledge and understanding of spreadsheets
- Performance management
Employment history
1. Shop assistant 2015-2019
2. Supervisor 2019-2021
"""
ERROR_PAGE = (
    "<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1>"
    "<p>The performance criteria you must be able to see were not found.</p></body></html>"
)
LOGIN = """\
Sign in
Email
Password
Forgot your password?
You must be able to:
- receive text messages
- use a browser
"""
SOURCE_CODE = '''\
"""Performance criteria"""
HEADINGS = ["Performance criteria", "Knowledge and understanding"]
def read(x):
    # You must be able to:
    # 1. do this
    return x()
class A: pass
import os
'''
READ_ME = """\
# My app

## Performance

- fast
- small

## Knowledge

What you need to know:

1. install it
2. run it
"""
SHOPPING = "Shopping\n1. milk\n2. bread\n3. eggs\n"
DRIVING = """\
Learning to drive

You must be able to:

1. read a number plate from 20 metres
2. control the car

Book your lesson now. Prices from £30 an hour.
"""
NOVEL = (
    "It was the best of times, it was the worst of times, it was the age of wisdom. "
    "You must be able to tell, he said, what you need to know.\n"
)
TABLE = "name,performance criteria,knowledge and understanding\na,1,2\nb,3,4\n"


@pytest.mark.parametrize(
    "text",
    [
        RECIPE,
        JOB_ADVERT,
        CV,
        ERROR_PAGE,
        LOGIN,
        SOURCE_CODE,
        READ_ME,
        SHOPPING,
        DRIVING,
        NOVEL,
        NOVEL * 200,
        TABLE,
        TABLE * 3000,
        "",
        "   \n\t\n",
        "\ufeff",
        "hello",
        "P1",
        "\x0c",
    ],
)
def test_other_texts(text):
    with pytest.raises(NotAStandard) as refusal:
        read_text(text)
    sentence = str(refusal.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "no text"),
        (b"\n \n", "no text"),
        (b"PK\x03\x04\x14\x00rest of a Word file", "Word"),
        (b"\xd0\xcf\x11\xe0old", "Office"),
        (b"{\\rtf1 text}", "rich text"),
        (b"\x89PNG\r\n\x1a\nxx", "picture"),
        (bytes(range(256)) * 50, "binary"),
        (b"\x01\x02\x03\x04\x05" * 100, "binary"),
        (b"%PDF-1.7 broken", "PDF"),
        (b"a" * 5_000_001, "larger than 5 MB"),
    ],
)
def test_other_files(data, word):
    with pytest.raises(NotAStandard, match=word):
        read_bytes(data)


def test_the_file_is_named():
    with pytest.raises(NotAStandard, match=r"^menu\.txt: "):
        read_bytes(RECIPE.encode(), filename="menu.txt")


LIST = "Performance criteria\nYou must be able to:\n"


@pytest.mark.parametrize(
    "text",
    [
        LIST + "a " * 1_000_000,
        LIST + "check the thing\n" * 100_000,
        LIST + "<li>" * 100_000,
        "x" * 5_000_001,
    ],
)
def test_far_too_much_of_it_is_refused_before_the_work_begins(text):
    with pytest.raises(NotAStandard, match=r"longer|more"):
        read_text(text)
