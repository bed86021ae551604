"""The store: content by digest, results by action key, under one home folder."""
