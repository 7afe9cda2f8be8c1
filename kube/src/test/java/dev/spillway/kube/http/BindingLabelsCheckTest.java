package dev.spillway.kube.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.kube.loopback.LoopbackServer;
import dev.spillway.kube.translate.ClusterRequests.BindingLabels;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BindingLabelsCheckTest {
    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            metrics say on       | 200 | kubernetes_feature_enabled{name="PodTopologyLabelsAdmission",stage="BETA"} 1 | 33  | COPIED
            metrics say off      | 200 | kubernetes_feature_enabled{name="PodTopologyLabelsAdmission",stage="BETA"} 0 | 37  | IGNORED
            metrics do not say   | 200 | kubernetes_feature_enabled{name="Other",stage="BETA"} 1                      | 37+ | COPIED
            metrics forbidden    | 403 | no                                                                           | 35  | COPIED
            metrics and old      | 403 | no                                                                           | 34  | IGNORED
            nothing is told      | 403 | no                                                                           | x   | IGNORED
            """)
    void concludesFromMetricsOrVersion(String name, int code, String metrics, String minor, BindingLabels want)
            throws IOException {
        try (var server = new LoopbackServer(call -> {
                    if (call.path().equals("/metrics")) {
                        call.respond(code, "# HELP x\n" + metrics + "\n");
                    } else {
                        call.respond(200, "{\"major\": \"1\", \"minor\": \"%s\"}".formatted(minor));
                    }
                });
                var client = new ApiClient(server.connection(folder), 2)) {
            assertThat(BindingLabelsCheck.ask(client).belief()).isEqualTo(want);
        }
    }
}
