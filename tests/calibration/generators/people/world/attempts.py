"""Attempts to get in touch: calls that ring or do not, forms that arrive or do not, call-backs, further attempts."""
import numpy as np

from world import chances
from world.clock import DAY, END, HOUR, NEVER, hour_of, is_open, next_open
from world.wishes import CALL, CHAT, FORM

REACHES, NOT_LOGGED, FAILS, IN_MENU = 0, 1, 2, 3               # what becomes of a call that somebody makes
ARRIVES, BROKEN, VANISHES = 0, 1, 2                            # and of a form
ANSWERED, MISSED, FAILED, ENDED_IN_MENU = 0, 1, 2, 3           # how the log of calls tells it
ATTEMPTS = 4
LEAST_TALK = 12                                                # seconds in which something can be said

CONTACT_FIELDS = ("wish", "t", "kind", "answered", "talk", "disposition", "wait")
CALLBACK_FIELDS = ("wish", "t", "answered", "talk")


def lognormal(median, spread, normal):
    return np.exp(np.log(median) + spread * normal)


def seconds(values):
    return values.astype(np.int64)


class Attempts:
    """What becomes of every wish under a set of incidents.

    `contacts` are those that the firm's systems log, `callbacks` the calls that it makes itself."""

    def __init__(self, world, incidents):
        self.world, self.firm = world, world.firm
        self.chance, self.normal = world.chance, world.normal
        self.call_incidents = [incident for incident in incidents if incident.call_fate]
        self.form_incidents = [incident for incident in incidents if incident.form_fate]
        self.callback_incidents = [incident for incident in incidents if incident.callback_factor]
        self.has_visit = world.wishes["visit"] >= 0
        self.choose_alive(incidents)
        self.reached = np.full(world.count, NEVER)             # when somebody of the firm knew of the person
        self.talked = np.full(world.count, NEVER)
        self.missed_first, self.started, self.sent, self.tapped = np.zeros((4, world.count), bool)
        self.contacts = {key: [] for key in CONTACT_FIELDS}
        self.callbacks = {key: [] for key in CALLBACK_FIELDS}
        self.t, self.mode = world.first_try.copy(), world.mode.copy()
        self.live = self.alive.copy()

    def run(self):
        self.decide_at_night()
        for attempt in range(ATTEMPTS):
            wish = np.flatnonzero(self.live & (self.t < END))
            by_mode = [wish[self.mode[wish] == mode] for mode in (CALL, FORM, CHAT)]
            for act, wish in zip((self.call, self.write, self.chat), by_mode):
                if len(wish):
                    act(wish, attempt)
        if self.firm.has_calls:
            self.ring_again(chances.RINGS_AGAIN_SOON, .26, chances.DAYS_UNTIL_SOON, .6, 8, 1)
            self.ring_again(chances.RINGS_AGAIN_LATE, .035, chances.DAYS_UNTIL_LATE, 36, 90, 2)
        for table in (self.contacts, self.callbacks):
            table.update({key: np.concatenate(parts) if parts else np.zeros(0, int) for key, parts in table.items()})
        in_time = self.contacts["t"] < END
        self.contacts = {key: column[in_time] for key, column in self.contacts.items()}

    def choose_alive(self, incidents):
        """Who is there at all, wants something in spite of the incidents, and how cold he is."""
        count = self.world.count
        self.alive = np.isin(self.world.wishes["owner"], [-1] + sorted(incident.number for incident in incidents))
        self.cold, self.cold_factor = np.zeros(count, bool), np.ones(count)
        for incident in incidents:
            if incident.silences is not None:
                self.alive &= ~incident.silences
            if incident.cold is not None:
                self.cold |= incident.cold
                self.cold_factor = np.where(incident.cold, self.cold_factor * incident.cold_factor, self.cold_factor)

    def decide_at_night(self):
        """Who wants to ring at night writes, waits for the morning, or rings."""
        at_night = (self.mode == CALL) & ~is_open(self.firm, self.t) & self.has_visit
        chance = self.chance[:, chances.AT_NIGHT]
        writes = at_night & (chance < .3) & self.firm.has_forms
        self.mode[writes] = FORM
        waits = at_night & ~writes & (chance < .78)
        morning = next_open(self.firm, self.t) + seconds(lognormal(2400, .9, self.normal[:, chances.MORNING_DELAY]))
        self.t[waits] = morning[waits]

    def log(self, *columns):
        """A contact of each wish; the columns are those of `CONTACT_FIELDS`."""
        for key, column in zip(CONTACT_FIELDS, columns):
            self.contacts[key].append(np.broadcast_to(column, columns[0].shape).copy())

    def note_reached(self, wish, t, talked=False):
        for table in (self.reached, self.talked) if talked else (self.reached,):
            table[wish] = np.minimum(table[wish], t)

    def ring(self, wish, t, attempt):
        """A call of each: its fate, whether somebody spoke with him, whether it was logged."""
        chance = self.chance[wish]
        fate = np.zeros(len(wish), int)
        for incident in self.call_incidents:
            fate = np.maximum(fate, incident.call_fate(t, wish, attempt))
        hour = hour_of(t)
        answer = self.firm.answer_chance - .05 * ((hour > 12.5) & (hour < 14)) - .04 * ((hour > 10) & (hour < 12))
        answer = answer - .04 * ((t // DAY) % 7 == 0)
        answered = is_open(self.firm, t) & (chance[:, chances.ANSWERED_BY_ATTEMPT + attempt] < answer) & (fate == REACHES)
        talk = lognormal(105, .85, self.normal[wish, chances.TALK_BY_ATTEMPT + attempt]) * np.where(self.cold[wish], .42, 1.)
        short = chance[:, chances.SHORT_TALK_BY_ATTEMPT + attempt] < .04
        talk = np.where(short, 4 + 8 * chance[:, chances.SHORT_TALK_LENGTH], np.maximum(talk, LEAST_TALK))
        in_menu = np.where(fate == IN_MENU, 2 + 7 * chance[:, chances.SECONDS_LOST], 0)
        talk = np.where(answered, talk, in_menu).astype(int)
        disposition = np.where(fate == FAILS, FAILED, np.where(answered, ANSWERED, MISSED))
        disposition = np.where(fate == IN_MENU, ENDED_IN_MENU, disposition)
        logged = fate != NOT_LOGGED
        wait = (4 + 26 * chance[:, chances.WAITING]).astype(int)
        columns = [wish, t, np.full(len(wish), CALL), answered | (fate == IN_MENU), talk, disposition, wait]
        self.log(*[column[logged] for column in columns])
        return fate, answered & (talk >= LEAST_TALK), logged

    def call(self, wish, attempt):
        t = self.t[wish]
        self.tapped[wish] = True
        fate, spoken, logged = self.ring(wish, t, attempt)
        self.note_reached(wish[spoken], t[spoken], talked=True)
        missed = logged & ~spoken
        if attempt == 0:
            self.missed_first[wish[missed]] = True
        found = self.call_back(wish, t, missed & (fate != IN_MENU), attempt)
        chance = self.chance[wish]
        patience = np.where(logged & (fate == REACHES), .42, .52) - .07 * attempt
        again = ~spoken & ~found & (chance[:, chances.TRIES_AGAIN_BY_ATTEMPT + attempt] < patience)
        self.live[wish] = again
        delay = self.normal[wish, (chances.RETRY_DELAY, chances.RETRY_DELAY_ODD)[attempt % 2]]
        soon = t + 60 + seconds(lognormal(700, 1.2, delay))
        next_day = next_open(self.firm, t) + seconds(lognormal(3000, .8, self.normal[wish, chances.RETRY_DELAY]))
        self.t[wish] = np.where(is_open(self.firm, t), soon, next_day)
        writes = again & (chance[:, chances.CHANGES_WAY_BY_ATTEMPT + attempt] < .16) & self.firm.has_forms
        self.mode[wish[writes & self.has_visit[wish]]] = FORM

    def call_back(self, wish, t, missed, attempt):
        """The firm rings back what it missed and saw. Returns whom it found."""
        chance = self.chance[wish]
        share = np.full(len(wish), self.firm.callback_chance)
        for incident in self.callback_incidents:
            share = share * incident.callback_factor(t)
        back = missed & (chance[:, chances.CALLED_BACK_BY_ATTEMPT + attempt] < share)
        back_at = next_open(self.firm, t) + seconds(lognormal(900, .9, self.normal[wish, chances.CALLBACK_DELAY]))
        back &= back_at < END
        found = back & (chance[:, chances.FOUND_BY_ATTEMPT + attempt] < .72)
        talk = lognormal(80, .8, self.normal[wish, chances.CALLBACK_TALK]).astype(int)
        for key, column in zip(CALLBACK_FIELDS, (wish, back_at, found, talk)):
            self.callbacks[key].append(column[back])
        self.note_reached(wish[found], back_at[found], talked=True)
        return found

    def write(self, wish, attempt):
        t, chance = self.t[wish], self.chance[wish]
        self.started[wish] = True
        fate = np.zeros(len(wish), int)
        for incident in self.form_incidents:
            fate = np.maximum(fate, incident.form_fate(t, wish, attempt))
        self.sent[wish[fate != BROKEN]] = True
        arrived = fate == ARRIVES
        self.log(wish[arrived], t[arrived], FORM, True, 0, ANSWERED, 0)
        self.note_reached(wish[arrived], t[arrived])
        changes = chance[:, chances.CHANGES_WAY_BY_ATTEMPT + attempt]
        again = (fate == BROKEN) & (chance[:, chances.TRIES_AGAIN_BY_ATTEMPT + attempt] < .34)
        rings = (fate == BROKEN) & ~again & (changes < .28) & self.firm.has_calls
        complains = (fate == VANISHES) & (changes < .25) & self.firm.has_calls         # "you never rang me back"
        some_days = seconds(DAY * (.7 + 2 * chance[:, chances.HOUR_OF_DAY]))
        lost = chance[:, chances.SECONDS_LOST]
        late = next_open(self.firm, t + some_days) + seconds(HOUR * 3 * lost)
        self.t[wish] = np.where(complains, late, t + 90 + seconds(400 * lost))
        self.mode[wish[rings | complains]] = CALL
        self.live[wish] = again | rings | complains

    def chat(self, wish, attempt):
        self.log(wish, self.t[wish], CHAT, True, 0, ANSWERED, 0)
        self.note_reached(wish, self.t[wish])
        self.live[wish] = False

    def ring_again(self, column, share, days_column, days, span, attempt):
        """They ring again about the same, and some come back months later."""
        wish = np.flatnonzero((self.reached < NEVER) & (self.chance[:, column] < share))
        t = self.reached[wish] + seconds((days + span * self.chance[wish, days_column]) * DAY)
        t = next_open(self.firm, t) + seconds(6 * 3600 * self.chance[wish, chances.HOUR_OF_DAY])
        in_time = t < END
        if in_time.any():
            self.ring(wish[in_time], t[in_time], attempt)
