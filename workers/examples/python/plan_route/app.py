"""Plans a short round trip: goes to the nearest place each time, then untangles the tour, pass by pass."""

import math
import time

EARTH_KM = 6371.0


def handle(event):
    """Yields the frames of one call: progress for each tour, then the result."""
    if event["method"] != "tools/call":
        yield {"error": {"code": -32602, "message": f"this function does not serve {event['method']}"}}
        return
    places = event["params"].get("arguments", {}).get("places")
    if not isinstance(places, list) or len(places) < 3:
        yield {"error": {"code": -32602, "message": "`places` is missing or holds fewer than three"}}
        return
    points = [(math.radians(place["latitude"]), math.radians(place["longitude"])) for place in places]
    tour = nearest_neighbours(points)
    # A tour is worth having at any time: the best one so far is the answer when time is short.
    until = event["context"]["deadlineMs"] / 1000 - 1
    for step, tour in enumerate(untangled(points, tour, until), 1):
        if event["context"]["progress"]:
            yield {"progress": {"progress": step, "message": f"{length(points, tour):.0f} km"}}
    kilometres = round(length(points, tour), 1)
    names = [places[index]["name"] for index in tour]
    text = f"{kilometres} km: {' → '.join([*names, names[0]])}"
    yield {
        "result": {
            "content": [{"type": "text", "text": text}],
            "structuredContent": {"order": names, "kilometres": kilometres},
        }
    }


def distance(one, other):
    """Kilometres along the great circle."""
    (latitude, longitude), (latitude2, longitude2) = one, other
    across = math.sin((longitude2 - longitude) / 2) ** 2 * math.cos(latitude) * math.cos(latitude2)
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, math.sin((latitude2 - latitude) / 2) ** 2 + across)))


def length(points, tour):
    return sum(distance(points[tour[at - 1]], points[tour[at]]) for at in range(len(tour)))


def nearest_neighbours(points):
    tour, left = [0], set(range(1, len(points)))
    while left:
        tour.append(min(left, key=lambda index: distance(points[tour[-1]], points[index])))
        left.remove(tour[-1])
    return tour


def untangled(points, tour, until):
    """The tour, then a better one after each pass that turns parts of it around, until there is none or no time."""
    before = math.inf
    while length(points, tour) < before - 1e-6:
        yield tour
        before = length(points, tour)
        for first in range(1, len(tour) - 1):
            if time.time() >= until:
                break
            for last in range(first + 1, len(tour)):
                a, b, c, d = (points[tour[at % len(tour)]] for at in (first - 1, first, last, last + 1))
                if distance(a, c) + distance(b, d) < distance(a, b) + distance(c, d):
                    tour = tour[:first] + tour[first : last + 1][::-1] + tour[last + 1 :]
