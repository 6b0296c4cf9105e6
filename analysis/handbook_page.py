"""What a page says of the handbook: the lines of it that cannot be used, before any figure."""

from analysis.handbook import Handbook
from analysis.labels import Labels

MOST = 20
"""Mistakes that are told one by one."""


def mistake_sentences(handbook: Handbook, *, labels: Labels) -> list[str]:
    """One sentence for each line that cannot be used: where it stands, what was found, and what is allowed.

    Examples
    --------
    >>> from analysis.handbook import Mistake, read_handbook
    >>> from analysis.labels import read_labels
    >>> book = read_handbook(None).without("targets", 7, "value", "0.95", Mistake("not_a_percentage"))
    >>> mistake_sentences(book, labels=read_labels("en"))[1]
    'Handbook, sheet “Chỉ tiêu”, row 7, column “Giá trị (%)”: says “0.95”; write a percentage above 1 and up to 100, as 95 (not 0.95).'
    """
    mistakes = handbook.mistakes
    if mistakes.empty:
        return []
    told = [labels.name("handbook.mistakes", number=labels.number(len(mistakes)))]
    for mistake in mistakes.head(MOST).to_dict("records"):
        key = mistake["problem"] if "." in mistake["problem"] else f"handbook.{mistake['problem']}"
        said = labels.name(key, found=mistake["found"], detail=mistake["detail"])
        place = {"sheet": mistake["sheet"], "row": str(mistake["row"]), "column": mistake["column"], "told": said}
        told.append(labels.name("handbook.place" if mistake["row"] else "handbook.place_of_sheet", **place))
    return told
