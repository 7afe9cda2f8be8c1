package dev.spillway.regions.simulated.exec;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** How a command ended, as a {@code Status} of meta/v1. */
final class ExecStatus {
    private ExecStatus() {}

    static byte[] of(List<String> command, int exitCode) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.putObject("metadata");
        if (exitCode == 0) {
            status.put("status", "Success");
        } else {
            status.put("status", "Failure")
                    .put(
                            "message",
                            "command terminated with non-zero exit code: error executing command %s, exit code %d"
                                    .formatted(command, exitCode))
                    .put("reason", "NonZeroExitCode");
            status.putObject("details")
                    .putArray("causes")
                    .addObject()
                    .put("reason", "ExitCode")
                    .put("message", String.valueOf(exitCode));
        }
        return status.toString().getBytes(StandardCharsets.UTF_8);
    }
}
