"""Draw a plan as a picture: `calmcast plan SCRIPT --json | python tools/draw_plan.py > plan.svg`."""

import json
import sys
from html import escape
from typing import Any

WIDTH, LEFT, TOP, ROW = 960, 150, 46, 22
BANDS = ("#6b8f86", "#8a7f9e", "#b08968", "#5f86a6", "#a06b7b")
PALE = {"pause": "#eef0ec", "hold": "#e3e6e0", "rest": "#dfe9e6"}


def bar(x: float, y: float, width: float, colour: str, title: str) -> str:
    return (
        f'<rect x="{x:.2f}" y="{y}" width="{max(width, 0.6):.2f}" height="{ROW - 7}" rx="1.5" fill="{colour}">'
        f"<title>{escape(title)}</title></rect>"
    )


def draw(plan: dict[str, Any]) -> str:
    """Return an SVG: a row for each segment, words solid, silences pale, over one axis of minutes."""
    chapters = plan["chapters"]
    scale = (WIDTH - LEFT - 20) / plan["length_s"]
    bottom = TOP + ROW * len(chapters)
    shapes = [f'<text x="20" y="26" font-size="17" fill="#333">{escape(plan["title"])}</text>']
    for minute in range(int(plan["length_s"] // 60) + 1):
        x = LEFT + minute * 60 * scale
        shapes.append(f'<path d="M{x:.2f} {TOP - 6}V{bottom}" stroke="#d9d9d4"/>')
        shapes.append(f'<text x="{x:.2f}" y="{bottom + 16}" text-anchor="middle" fill="#555">{minute}:00</text>')
    for row, chapter in enumerate(chapters):
        y, colour = TOP + ROW * row, BANDS[row % len(BANDS)]
        shapes.append(f'<text x="20" y="{y + 12}" fill="#333">{escape(chapter["title"])}</text>')
        for event in plan["events"]:
            if chapter["start_s"] <= event["start_s"] < chapter["end_s"]:
                x, width = LEFT + event["start_s"] * scale, (event["end_s"] - event["start_s"]) * scale
                fill = "#c9a227" if event["kind"] == "bell" else PALE.get(event["kind"], colour)
                shapes.append(bar(x, y, width, fill, event["text"] or event["kind"]))
    style = 'font-family="Helvetica, Arial, sans-serif" font-size="12"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom + 28}" {style}>'
        f'<rect width="100%" height="100%" rx="8" fill="#fbfaf7"/>{"".join(shapes)}</svg>\n'
    )


if __name__ == "__main__":
    sys.stdout.write(draw(json.load(sys.stdin)))
