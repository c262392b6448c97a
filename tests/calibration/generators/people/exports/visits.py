"""The visits as the counter tells them."""
import numpy as np

from world import chances
from world.clock import END, skip_spring_gap
from world.draws import stream
from world.profiles import DESKTOP, MOBILE

STARTED, SENT, TAPPED = 1, 2, 4                    # bits of goals
TAGGED, AS_DIRECT, AS_REFERRAL = 0, 1, 2           # what the counter knows of the source
OTHER_DEVICE = 500_000_003                         # between the identifiers of a person's two devices


class ToldVisits:
    """Which visits happened, which are not told, whose source is lost, and the columns of those that are told."""

    def __init__(self, world, incidents, course):
        self.world = world
        visits = world.visits
        count = len(visits["t"])
        self.real = visits["t"] < END
        self.source = np.full(count, TAGGED)
        self.page = visits["page"].copy()
        masks = np.zeros((5, count), bool)
        self.hidden, self.without_counter, self.poor, self.far, self.doubled = masks
        for incident in incidents:
            self.take_effects(incident)
        self.wishes = np.flatnonzero((world.wishes["visit"] >= 0) & course.alive)
        for incident in incidents:
            if incident.far is not None:
                far = self.wishes[incident.far[self.wishes]]
                self.far[world.wishes["visit"][far]] = True
        self.columns = self.tell(course, incidents)

    def take_effects(self, incident):
        if incident.visits_dropped is not None:
            self.real &= ~incident.visits_dropped
        if incident.visits_hidden is not None:
            self.hidden |= incident.visits_hidden
            if incident.cause == "tracking":
                self.without_counter |= incident.visits_hidden
        if incident.visits_untagged is not None:
            self.source[incident.visits_untagged] = AS_DIRECT if incident.told_as == "direct" else AS_REFERRAL
        if incident.visits_moved is not None:
            self.page[incident.visits_moved] = incident.target
        for mask, effect in ((self.poor, incident.visits_poor), (self.far, incident.visits_far),
                             (self.doubled, incident.visits_doubled)):
            if effect is not None:
                mask |= effect

    def tell(self, course, incidents):
        every = self.describe(course)
        told = np.flatnonzero(self.real & ~self.hidden)
        tables = [{key: column[told] for key, column in every.items()}]
        twice = {key: column[self.doubled[told]] for key, column in tables[0].items()}
        twice["t"] = np.minimum(twice["t"] + 1, END - 1)
        tables.append(twice)
        tables += [self.gateway_visits(course, every, incident.through_gateway)
                   for incident in incidents if incident.through_gateway is not None]
        columns = {key: np.concatenate([table[key] for table in tables]) for key in every}
        columns["t"] = skip_spring_gap(self.world.firm, columns["t"])
        order = np.argsort(columns["t"], kind="stable")
        return {key: column[order] for key, column in columns.items()}

    def goals_of_wishes(self, course):
        """What people who wanted something did on the site, by visit."""
        wish, world = self.wishes, self.world
        tapped = (world.wishes["device"] == MOBILE) | (world.chance[:, chances.TAPS_ON_DESKTOP] < .2)
        bits = course.started * STARTED + course.sent * SENT + (course.tapped & tapped) * TAPPED
        goal = np.zeros(len(self.real), int)
        wanted = np.zeros(len(self.real), bool)
        goal[world.wishes["visit"][wish]] = bits[wish]
        wanted[world.wishes["visit"][wish]] = True
        return goal, wanted

    def describe(self, course):
        """All that the counter would say of each visit."""
        firm, people, visits = self.world.firm, self.world.people, self.world.visits
        person, count = visits["person"], len(self.real)
        goal, wanted = self.goals_of_wishes(course)
        rng = stream(firm.seed, "visit-detail")
        uniform = rng.random(count)
        bot, device = people["bot"][person], people["device"][person]
        goal |= np.where(~bot & (uniform < .014), STARTED, 0)
        goal |= np.where(~bot & (uniform > .991) & (device == MOBILE), TAPPED, 0)
        bounces = np.clip(.36 - .12 * np.log(firm.quality[visits["channel"]]), .12, .7)
        bounces = np.where(bot, .93, np.where(self.poor, .62, bounces))
        bounce = (rng.random(count) < bounces) & ~wanted & (goal == 0)
        short = rng.integers(0, 15, count)
        long = np.exp(rng.normal(4.6, .9, count)) * np.where(wanted, 1.7, 1.) * np.where(self.poor, .5, 1.) + 15
        other = visits["other_device"]
        far_town = len(firm.towns) + person % len(firm.far_towns)
        return {
            "t": visits["t"], "channel": visits["channel"], "campaign": visits["campaign"], "page": self.page,
            "client": self.world.client[person] + np.where(other, OTHER_DEVICE, 0),
            "device": np.where(other, np.where(device == DESKTOP, MOBILE, DESKTOP), device),
            "browser": np.where(other, 0, people["browser"][person]),
            "town": np.where(self.far, far_town, people["town"][person]),
            "nth": visits["nth"], "goal": goal, "bounce": bounce,
            "seconds": np.where(bounce, short, long).astype(int),
            "pages": np.where(bounce, 1, 1 + rng.poisson(np.where(wanted, 3.5, 1.8))),
            "source": self.source,
        }

    def gateway_visits(self, course, every, through_gateway):
        """Visits that begin anew when people come back from the gateway of payments."""
        world = self.world
        wish = self.wishes[(through_gateway & course.sent)[self.wishes]]
        wish = wish[self.real[world.wishes["visit"][wish]]]
        visit = world.wishes["visit"][wish]
        t = np.maximum(world.first_try[wish] - 20, world.visits["t"][visit] + 5)
        wish, visit, t = wish[t < END], visit[t < END], t[t < END]
        values = {"channel": len(world.firm.channels), "campaign": -1, "page": len(world.firm.pages) - 2, "nth": 1,
                  "goal": SENT, "bounce": False, "seconds": 60, "pages": 2, "source": TAGGED}
        table = {key: np.full(len(t), value) for key, value in values.items()}
        return table | {"t": t} | {key: every[key][visit] for key in ("client", "device", "browser", "town")}
