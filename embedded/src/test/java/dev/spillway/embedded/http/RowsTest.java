package dev.spillway.embedded.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rows of tables, cell by cell; what is expected follows kubernetes pkg/printers/internalversion. */
class RowsTest {

    private final Face face = new Face();

    @AfterEach
    void stop() {
        face.close();
    }

    @Test
    void aPodThatWaits() {
        face.post(Face.PODS, Face.pod("a"));
        face.advance(Duration.ofSeconds(190));

        assertThat(row(Face.PODS + "/a"))
                .isEqualTo("a | 0/1 | Pending | 0 | 3m10s | <none> | <none> | <none> | <none>");
    }

    @Test
    void aPodThatRunsAndWasRestarted() {
        face.post(Face.PODS, Face.pod("a"));
        face.merge(
                Face.PODS + "/a/status",
                "{'status':{'phase':'Running','podIPs':[{'ip':'10.0.0.1'}],'containerStatuses':[{'name':'c','ready':true,"
                        + "'restartCount':2,'image':'i','imageID':'','state':{'running':{}},'lastState':{'terminated':"
                        + "{'exitCode':1,'finishedAt':'2025-12-31T23:59:00Z'}}}]}}");

        assertThat(row(Face.PODS + "/a"))
                .isEqualTo("a | 1/1 | Running | 2 (60s ago) | 0s | 10.0.0.1 | <none> | <none> | <none>");
    }

    @Test
    void aPodWhoseContainerFailedSaysWithWhatCode() {
        face.post(Face.PODS, Face.pod("a"));
        face.merge(
                Face.PODS + "/a/status",
                "{'status':{'phase':'Failed','containerStatuses':[{'name':'c','ready':false,'restartCount':0,'image':'i',"
                        + "'imageID':'','state':{'terminated':{'exitCode':3}}}]}}");

        assertThat(row(Face.PODS + "/a")).startsWith("a | 0/1 | ExitCode:3 | 0 |");
    }

    /** The metadata of a table is that of the list, the count of what follows included; so a real server's. */
    @Test
    void aTableComesInPages() {
        face.post(Face.PODS, Face.pod("a"));
        face.post(Face.PODS, Face.pod("b"));
        face.post(Face.PODS, Face.pod("c"));

        JsonNode metadata = face.get(Face.PODS + "?limit=1", Face.TABLE).json().path("metadata");

        assertThat(metadata.path("remainingItemCount").asLong()).isEqualTo(2);
        assertThat(metadata.path("continue").asText()).isNotEmpty();
    }

    @Test
    void aDeployment() {
        face.post(Face.DEPLOYMENTS, Face.deployment("web", 0));

        assertThat(row(Face.DEPLOYMENTS + "/web")).isEqualTo("web | 0/0 | 0 | 0 | 0s | c | i:1 | app=web");
    }

    @Test
    void aCustomResourceHasTheColumnsOfItsDefinition() {
        face.post(
                "/apis/spillway.dev/v1alpha1/regions",
                "{'apiVersion':'spillway.dev/v1alpha1','kind':'Region','metadata':{'name':'r'},'spec':{'default':true,"
                        + "'backend':{'type':'Simulated','endpoint':'http://127.0.0.1:8087'},'zones':[{'id':'r-a'}]}}");

        JsonNode table =
                face.get("/apis/spillway.dev/v1alpha1/regions/r", Face.TABLE).json();

        assertThat(Face.texts(table.path("rows").path(0).path("cells")))
                .startsWith("r | true | Simulated | null | null | null | null | 0s | null |")
                .endsWith("| http://127.0.0.1:8087");
        assertThat(table.path("columnDefinitions").path(1).path("name").asText())
                .isEqualTo("Default");
    }

    private String row(String path) {
        JsonNode table = face.get(path, Face.TABLE).json();
        return Face.texts(table.path("rows").path(0).path("cells"));
    }
}
