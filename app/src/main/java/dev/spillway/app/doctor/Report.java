package dev.spillway.app.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.spillway.app.cli.TextTable;
import dev.spillway.app.doctor.Diagnosis.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What was found, for people and for programs. The names of the JSON's fields are promised in docs/doctor.md: fields may be added, never renamed.
 *
 * @param diagnoses in the order in which they were made
 */
record Report(List<Diagnosis> diagnoses) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    Report {
        diagnoses = List.copyOf(diagnoses);
    }

    boolean hasTrouble() {
        return count(Verdict.TROUBLE) > 0;
    }

    /** One line each, below it what to do; the last line counts. */
    List<String> lines() {
        var rows = new ArrayList<List<String>>();
        for (var diagnosis : diagnoses) {
            rows.add(List.of(diagnosis.verdict().mark(), diagnosis.subject(), diagnosis.what()));
            if (!diagnosis.remedy().isEmpty()) {
                rows.add(List.of("", "", "-> " + diagnosis.remedy()));
            }
        }
        var lines = new ArrayList<>(TextTable.lines(rows, Set.of()));
        lines.add("");
        lines.add("%d fine, %d worth knowing, %d trouble"
                .formatted(count(Verdict.FINE), count(Verdict.WORTH_KNOWING), count(Verdict.TROUBLE)));
        return lines;
    }

    String json() {
        var object = JSON.createObjectNode()
                .put("fine", count(Verdict.FINE))
                .put("worthKnowing", count(Verdict.WORTH_KNOWING))
                .put("trouble", count(Verdict.TROUBLE));
        var list = object.putArray("diagnoses");
        for (var diagnosis : diagnoses) {
            list.addObject()
                    .put("verdict", diagnosis.verdict().text())
                    .put("subject", diagnosis.subject())
                    .put("what", diagnosis.what())
                    .put("remedy", diagnosis.remedy());
        }
        try {
            return JSON.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree could not be written.", e);
        }
    }

    private long count(Verdict verdict) {
        return diagnoses.stream()
                .filter(diagnosis -> diagnosis.verdict() == verdict)
                .count();
    }
}
