"""Addresses of the device's own pages, outside any centre."""

from django.urls import path

from portfolio.views import device

urlpatterns = [
    path("manifest.webmanifest", device.manifest, name="manifest"),
    path("sw.js", device.service_worker, name="service_worker"),
    path("capture/", device.capture_anywhere, name="capture_anywhere"),
]
