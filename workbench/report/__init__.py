"""Results written down: the JSON document, CSV, folders of npy and the HTML report."""
