// Checks objects of the Prometheus operator, an array of JSON on standard input, by the schemas of its own kinds.
import * as v1 from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1";

let input = "";
for await (const piece of process.stdin) input += piece;
for (const object of JSON.parse(input)) new v1[object.kind](object).validate();
