"""RKNN Workbench: find out where and why a network's numbers part on a Rockchip NPU."""

__version__ = "0.1.0"
