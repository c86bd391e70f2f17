"""Writes a spaCy pipeline for English, and the configuration of Presidio that names it, into the folder it is given.

The pipeline knows words and their lemmas, which context needs, and no names: nothing has to be downloaded.
"""
import json
import sys
from pathlib import Path

import spacy

folder = Path(sys.argv[1]).resolve()
pipeline = spacy.blank("en")
pipeline.add_pipe("lemmatizer", config={"mode": "lookup"})
pipeline.initialize()
pipeline.to_disk(folder / "model")
models = [{"lang_code": "en", "model_name": str(folder / "model")}]
# YAML reads JSON.
(folder / "nlp.yaml").write_text(json.dumps({"nlp_engine_name": "spacy", "models": models}))
