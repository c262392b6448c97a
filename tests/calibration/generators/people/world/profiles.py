"""Profiles: hours of the day, weekdays, browsers of each device."""

# weights of 24 hours
HOURS = {
    "office": [
        0.3, 0.2, 0.1, 0.1, 0.1, 0.2, 0.6, 1.5, 3, 5.2, 6.4, 6.6,
        6, 5.4, 6, 6.2, 5.8, 5, 4, 3.2, 2.8, 2.3, 1.5, 0.8,
    ],
    "consumer": [
        0.6, 0.3, 0.2, 0.1, 0.1, 0.3, 0.8, 1.6, 2.8, 4.4, 5.4, 5.7,
        5.6, 5.2, 5.2, 5.2, 5.2, 5.2, 5.2, 5.4, 5.4, 4.8, 3.4, 1.7,
    ],
    "evening": [
        1.1, 0.6, 0.3, 0.2, 0.2, 0.3, 0.7, 1.3, 2.2, 3.4, 4.4, 4.8,
        4.9, 4.8, 4.8, 4.8, 5, 5.2, 5.6, 6.2, 6.6, 6.3, 4.8, 2.6,
    ],
}
# Monday to Sunday
WEEKDAYS = {
    "office": [1.15, 1.16, 1.14, 1.12, 1.02, 0.68, 0.62],
    "consumer": [1.12, 1.08, 1.05, 1.03, 0.98, 0.86, 0.88],
    "evening": [1.04, 1.02, 1.0, 0.98, 0.94, 0.96, 1.06],
}
# codes of devices in all arrays
DEVICES = ["desktop", "mobile", "tablet"]
DESKTOP, MOBILE, TABLET = 0, 1, 2
BROWSERS = {
    "desktop": ["chrome", "yandex_browser", "edge", "firefox", "safari", "opera"],
    "mobile": ["chrome_mobile", "yandex_browser", "mobile_safari", "samsung_browser"],
    "tablet": ["chrome_mobile", "mobile_safari"],
}
BROWSER_SHARES = {
    "desktop": [0.44, 0.26, 0.1, 0.08, 0.06, 0.06],
    "mobile": [0.42, 0.22, 0.28, 0.08],
    "tablet": [0.4, 0.6],
}
