"""Every chance of a wish is drawn beforehand, so that two runs differ by what the incidents do and nothing else.

The names are columns of `world.chance`, uniform draws; a name followed by `_BY_ATTEMPT` means four columns. The last sixteen
columns become `world.normal`, normal draws, which have names of their own below."""

UNIFORM_COUNT = 64
FIRST_NORMAL = 48

# how somebody gets in touch
CALLS, CHATS = 0, 1
LATER_THE_SAME_DAY, DELAY = 2, 3
POOL_LINE = 4
OTHER_PAGE, STAYS_ON_PAGE, PAGE_FORM = 5, 6, 7
AT_NIGHT = 8
HOUR_OF_DAY = 9

# attempts
ANSWERED_BY_ATTEMPT = 10
SHORT_TALK_BY_ATTEMPT = 14
SECONDS_LOST = 18
WAITING = 19
SHORT_TALK_LENGTH = 20
CALLED_BACK_BY_ATTEMPT = 21
FOUND_BY_ATTEMPT = 25
TRIES_AGAIN_BY_ATTEMPT = 29
CHANGES_WAY_BY_ATTEMPT = 33
RINGS_AGAIN_SOON, RINGS_AGAIN_LATE = 37, 38
DAYS_UNTIL_SOON, DAYS_UNTIL_LATE = 39, 40

# deals
ROBOT = 40
ENTERED, ENTRY_DELAY = 41, 42
MANAGER = 43
SOLD = 44
CLOSING_HOUR = 45
UNTOUCHED_STAYS_OPEN, LOST_STAYS_OPEN = 46, 47
REASON, REASON_KIND, REASON_TOLD = 30, 31, 32
STAGE_REACHED = 31

# visits
TAPS_ON_DESKTOP = 47

# normal draws
MORNING_DELAY = 0
TALK_BY_ATTEMPT = 1
CALLBACK_DELAY, CALLBACK_TALK = 5, 6
RETRY_DELAY, RETRY_DELAY_ODD = 7, 8
ANSWER_HOURS = 9
LAG, LAG_OF_LOST = 10, 11
AMOUNT = 12
