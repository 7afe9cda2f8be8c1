package dev.spillway.regions.simulated.exec;

import dev.spillway.regions.protocol.MalformedException;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What is wanted of a container: {@code PodExecOptions} of core/v1, or {@code PodAttachOptions}.
 *
 * @param command empty where it is an attach
 */
public record ExecRequest(List<String> command, boolean stdin, boolean stdout, boolean stderr, boolean tty) {
    /** The sub-protocols that are spoken. */
    public static final Set<String> PROTOCOLS = Set.of(ExecRequest.V4, ExecRequest.V5);

    static final String V4 = "v4.channel.k8s.io";
    static final String V5 = "v5.channel.k8s.io";

    public ExecRequest {
        command = List.copyOf(command);
    }

    /**
     * Reads it from the parameters of a request, each by its name with its values in order.
     *
     * @throws MalformedException where it makes no sense
     */
    public static ExecRequest read(boolean isExec, Function<String, List<String>> parameters) {
        List<String> command = isExec ? parameters.apply("command") : List.of();
        if (isExec && (command.isEmpty() || command.getFirst().isEmpty())) {
            throw new MalformedException("A command is needed.");
        }
        boolean tty = isSet(parameters, "tty");
        ExecRequest request = new ExecRequest(
                command,
                isSet(parameters, "stdin"),
                isSet(parameters, "stdout"),
                isSet(parameters, "stderr") && !tty, // a terminal has one stream for both
                tty);
        if (!request.stdin && !request.stdout && !request.stderr) {
            throw new MalformedException("At least one of stdin, stdout and stderr is needed.");
        }
        return request;
    }

    /** The channel on which the client hears first. */
    int firstOutput() {
        if (stdout) {
            return Channels.STDOUT;
        }
        return stderr ? Channels.STDERR : Channels.STATUS;
    }

    private static boolean isSet(Function<String, List<String>> parameters, String name) {
        List<String> values = parameters.apply(name);
        return !values.isEmpty()
                && !values.getFirst().equals("0")
                && !values.getFirst().equalsIgnoreCase("false");
    }
}
