"""A headless Chromium for tests of pages; without one they are skipped."""

from __future__ import annotations

import json
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,1000",
)


def missing() -> str:
    """Say what there is not, or nothing."""
    try:
        import selenium  # noqa: F401
    except ImportError:
        return "selenium is not installed (it comes with the extra 'test')"
    for program in ("chromium", "chromedriver"):
        if shutil.which(program) is None:
            return f"no {program} is installed (Debian: apt-get install chromium chromium-driver)"
    return ""


def start_browser(folder: Path) -> Any:
    """Start Chromium with its profile and its downloads in a folder of its own."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for argument in (*_QUIET, f"--user-data-dir={folder / 'profile'}"):
        options.add_argument(argument)
    options.add_experimental_option(
        "prefs", {"download.default_directory": str(folder), "download.prompt_for_download": False}
    )
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService(executable_path=shutil.which("chromedriver"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what selenium leaves open
        return webdriver.Chrome(options=options, service=service)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start Chromium once; downloads go to its attribute `folder`."""
    if reason := missing():
        pytest.skip(reason)
    driver = start_browser(folder := tmp_path_factory.mktemp("chromium"))
    driver.folder = folder
    try:
        yield driver
    finally:
        driver.quit()


def requests_of(driver: Any) -> list[str]:
    """List the addresses that were asked for since the last time, the page's own file left out."""
    asked = []
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] in ("Network.requestWillBeSent", "Network.webSocketCreated"):
            parameters = message["params"]
            address = parameters.get("request", parameters).get("url", "")
            if not address.startswith(("file:///", "about:", "data:", "blob:")):
                asked.append(address)
    return asked


def complaints_of(driver: Any) -> list[str]:
    """List what the page's console says since the last time."""
    return [entry["message"] for entry in driver.get_log("browser")]


def open_page(driver: Any, path: Path, fragment: str = "") -> None:
    """Open a page, from nothing, so that only its own requests are seen."""
    driver.get("about:blank")
    requests_of(driver)
    complaints_of(driver)
    driver.get(path.as_uri() + fragment)
