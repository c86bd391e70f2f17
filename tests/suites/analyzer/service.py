"""Presidio's analyzer as a web service: the routes of its image's `app.py`, which is no part of its package."""
import json
import os

from flask import Flask, Response, jsonify, request
from presidio_analyzer import AnalyzerEngine, AnalyzerRequest, BatchAnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider

app = Flask(__name__)
engine = AnalyzerEngine(nlp_engine=NlpEngineProvider(conf_file=os.environ["NLP_CONF_FILE"]).create_engine())
batches = BatchAnalyzerEngine(engine)


@app.get("/health")
def health():
    """It runs."""
    return "Presidio Analyzer service is up"


@app.get("/supportedentities")
def supported_entities():
    """What it finds."""
    return jsonify(engine.get_supported_entities(request.args.get("language")))


@app.post("/analyze")
def analyze():
    """What it finds in one text or in each of several."""
    try:
        asked = AnalyzerRequest(request.get_json())
        if not asked.text:
            raise ValueError("No text provided")
        if not asked.language:
            raise ValueError("No language provided")
        is_one = isinstance(asked.text, str)
        found = batches.analyze_iterator(
            texts=[asked.text] if is_one else asked.text,
            language=asked.language,
            correlation_id=asked.correlation_id,
            score_threshold=asked.score_threshold,
            entities=asked.entities,
            ad_hoc_recognizers=asked.ad_hoc_recognizers,
            context=asked.context,
            allow_list=asked.allow_list,
            allow_list_match=asked.allow_list_match,
            regex_flags=asked.regex_flags,
        )
        listed = [[written(finding) for finding in findings] for findings in found]
        return Response(json.dumps(listed[0] if is_one else listed), content_type="application/json")
    except TypeError as error:
        return jsonify(error=f"Failed to parse /analyze request: {error.args[0]}"), 400
    except Exception as error:  # as its app does: whatever it is, the service goes on
        return jsonify(error=error.args[0]), 500


def written(finding):
    """A finding as it leaves the service."""
    return {key: value for key, value in finding.to_dict().items() if key != "recognition_metadata"}
