package dev.spillway.app.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.spillway.app.cli.CommandException;
import dev.spillway.app.cli.KubeconfigOption;
import dev.spillway.app.cli.OutputOption;
import dev.spillway.app.cluster.Cluster;
import dev.spillway.app.version.Version;
import dev.spillway.core.step.Settings;
import dev.spillway.kube.translate.ApiRequest;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spillway explain}: why a pod waits, or which unit won and what the earlier ones answered. Reads the API server only. */
@Command(
        name = "explain",
        description = "Says why a pod waits, or which unit placed it and what the earlier ones answered.",
        footer = {
            "",
            "Examples:",
            "  spillway explain pod/web-7d4b9c-x2x8k",
            "  spillway explain pod/web-7d4b9c-x2x8k -n demo --kubeconfig FILE",
            "  spillway explain pod/web-7d4b9c-x2x8k -o json      # fields: docs/explain.md",
            "  kubectl spillway explain pod/web-7d4b9c-x2x8k      # with kubectl-spillway on the PATH"
        },
        mixinStandardHelpOptions = true)
public final class ExplainCommand implements Runnable {
    private final PrintWriter out;

    @Mixin
    private KubeconfigOption kubeconfig = new KubeconfigOption();

    @Parameters(paramLabel = "pod/NAME", description = "The pod.")
    private String target = "";

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Its namespace. Default: that of the kubeconfig's context, else default.")
    private @Nullable String namespace;

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(
            names = "--scheduler-name",
            paramLabel = "NAME",
            description = "The name that the controller was given. Default: ${DEFAULT-VALUE}.",
            defaultValue = Settings.SCHEDULER_NAME)
    private String schedulerName = "";

    /** Prints to the given writer. */
    public ExplainCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void run() {
        var name = podName(target);
        try (var cluster = Cluster.open(kubeconfig.file(), Version.userAgent("explain"))) {
            var finding = read(cluster, namespaceOf(cluster), name).finding();
            switch (output.format()) {
                case table -> FindingTable.lines(finding).forEach(out::println);
                case json -> out.println(FindingJson.of(finding));
            }
            out.flush();
        }
    }

    private PodReading read(Cluster cluster, String within, String name) {
        var path = "/api/v1/namespaces/" + ApiRequest.segment(within);
        var response = cluster.send(ApiRequest.get(path + "/pods/" + ApiRequest.segment(name)));
        if (response.code() == 404) {
            throw new CommandException("Namespace %s has no pod %s; name an existing one, and its namespace with -n."
                    .formatted(within, name));
        }
        var pod = Cluster.json(cluster.require(response, "read pod %s/%s".formatted(within, name)));
        var uid = pod.path("metadata").path("uid").asText();
        var events = cluster.required(
                ApiRequest.get(path + "/events?fieldSelector=involvedObject.uid%3D" + ApiRequest.segment(uid)),
                "list the events of namespace " + within);
        return new PodReading(schedulerName, pod, namespaceObject(cluster, path), Cluster.json(events));
    }

    /** Its labels matter for few pods, and not every user may read namespaces: without it, it counts as having none. */
    private static JsonNode namespaceObject(Cluster cluster, String path) {
        var response = cluster.send(ApiRequest.get(path));
        return response.isSuccess() ? Cluster.json(response) : MissingNode.getInstance();
    }

    private String namespaceOf(Cluster cluster) {
        var given = namespace;
        return given != null
                ? given
                : Objects.requireNonNullElse(cluster.connection().config().getNamespace(), "default");
    }

    private static String podName(String target) {
        int slash = target.indexOf('/');
        if (slash < 0) {
            return target;
        }
        var kind = target.substring(0, slash).toLowerCase(Locale.ROOT);
        var name = target.substring(slash + 1);
        if (name.isEmpty() || !(kind.equals("pod") || kind.equals("pods") || kind.equals("po"))) {
            throw new CommandException("'%s' is no pod; write pod/NAME.".formatted(target));
        }
        return name;
    }
}
