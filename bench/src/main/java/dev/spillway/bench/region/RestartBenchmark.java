package dev.spillway.bench.region;

import dev.spillway.app.version.Version;
import dev.spillway.bench.BenchmarkException;
import dev.spillway.bench.cluster.AuditLog;
import dev.spillway.it.ControlPlaneSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * Prints what a controller costs that is killed and started again while thousands of pods run in a region that is another cluster: how long until it knows
 * all of them, what it asks of both API servers, and its memory.
 *
 * <p>That all are adopted is seen in the Region's status: while there is no controller, {@code instances} is set to zero; a controller writes how many
 * instances it owns, and is done when that is all of them. A pod that is created while there is no controller says when new work goes on.
 */
public final class RestartBenchmark {
    private static final List<Arguments.Option> OPTIONS = List.of(
            new Arguments.Option("pods", 5000, 200, 20_000, "pods that run when the controller is killed"),
            new Arguments.Option("rate", 100, 50, 1000, "pods created per second before that"),
            new Arguments.Option("restarts", 3, 1, 100, "how often it is killed"));

    private static final String DOES = "What a controller costs that is killed and started again while pods run in a"
            + " region that is another cluster.";

    private static final String REGION = "bench-region";
    private static final String REGION_PATH = "/apis/spillway.dev/v1alpha1/regions/" + REGION;
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** How long calls are counted after the last pod is known; what comes of the start alone is over by then. */
    private static final Duration AFTERMATH = Duration.ofSeconds(20);

    private static final Pattern LEADS = Pattern.compile("Elector: leading");

    /** Reads too, but of a watch the begin, since its end comes when it is over. */
    private static final String AUDIT_EVERYTHING = """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            rules:
              - level: Metadata
                verbs: [watch]
                omitStages: [RequestReceived, ResponseComplete]
              - level: Metadata
                omitStages: [RequestReceived, ResponseStarted]
            """;

    private RestartBenchmark() {}

    /** Runs it; {@code --help} says what options there are. */
    public static void main(String[] arguments) {
        Launch.run("RestartBenchmark", DOES, OPTIONS, arguments, RestartBenchmark::run);
    }

    private static void run(Arguments arguments) throws IOException, InterruptedException {
        int pods = arguments.of("pods");
        try (var parts = new Parts()) {
            var policy = Files.writeString(parts.folder().resolve("everything.yaml"), AUDIT_EVERYTHING);
            var region = parts.closing(Site.withNodes(
                    parts.folder(),
                    "region",
                    pods + arguments.of("restarts"),
                    settings -> auditing(settings, policy.toString())));
            var home = parts.home(REGION, region, settings -> auditing(settings, policy.toString()));
            Launch.heading(home.site());
            fill(home, pods, arguments.of("rate"));
            for (int restart = 1; restart <= arguments.of("restarts"); restart++) {
                System.out.printf("%nRestart %d with %,d pods in the region%n", restart, pods + restart - 1);
                restart(home, region, pods + restart - 1, "after-" + restart);
            }
        }
    }

    private static ControlPlaneSettings auditing(ControlPlaneSettings settings, String policy) {
        return settings.withApiserverArgument("--audit-policy-file=" + policy);
    }

    private static void fill(Home home, int pods, int rate) {
        var empty = Memory.of(home.controller().program());
        try (var watch = PodWatch.open(home.site().api(), BenchPods.NAMESPACE)) {
            load("pod", pods, rate).create(home.site().api());
            if (!watch.await(watch.ready(), pods, LIMIT)) {
                throw new BenchmarkException(
                        "Only %d of %d pods are Ready.".formatted(watch.ready().size(), pods));
            }
        }
        awaitInstances(home, pods);
        var full = Memory.of(home.controller().program());
        System.out.printf(
                "before    %s, %,d bytes of live objects for each pod%n",
                full, (full.liveBytes() - empty.liveBytes()) / pods);
    }

    private static void restart(Home home, Site region, int pods, String newPod)
            throws IOException, InterruptedException {
        var api = home.site().api();
        home.controller().kill();
        api.merge(REGION_PATH + "/status", "{\"status\": {\"instances\": 0}}");
        int homeBefore = home.site().requests().size();
        int regionBefore = region.requests().size();
        try (var watch = PodWatch.open(api, BenchPods.NAMESPACE)) {
            watch.await(watch.ready(), pods, LIMIT);
            load(newPod, 1, 1).create(api);
            long begin = System.nanoTime();
            home.startController();
            home.controller().awaitOutput(LEADS, LIMIT);
            line("until it leads: the Lease of the killed one runs out first", since(begin));
            Thread adopted = Thread.ofVirtual().start(() -> {
                // The pod that is new may count already.
                awaitInstances(home, pods);
                line("until the Region's status counts all instances", since(begin));
            });
            if (!watch.await(watch.ready(), pods + 1, LIMIT)) {
                throw new BenchmarkException("The pod that was created without a controller is not Ready.");
            }
            var name = newPod + "-00000";
            line("until a pod created without a controller is bound", since(watch.bound(), name, begin));
            line("until it is Ready", since(watch.ready(), name, begin));
            adopted.join();
        }
        var controller = home.controller().program();
        line(
                "CPU of the controller until then",
                "%,d ms".formatted(controller.cpu().toMillis()));
        LockSupport.parkNanos(AFTERMATH.toNanos());
        line("memory", Memory.of(controller).toString());
        calls("home", after(home.site(), homeBefore));
        calls("region", after(region, regionBefore));
    }

    private static void awaitInstances(Home home, int pods) {
        home.site()
                .api()
                .awaitObject(
                        REGION_PATH,
                        object -> object.path("status").path("instances").asInt() >= pods,
                        LIMIT);
    }

    private static Load load(String prefix, int pods, int rate) {
        return new Load(BenchPods.NAMESPACE, prefix, pods, rate, name -> BenchPods.inRegion(name, REGION));
    }

    private static List<AuditLog.Write> after(Site site, int before) {
        var all = site.requests();
        var spillway = Agents.nameOf(Version.userAgent("controller")).replaceAll(" .*", "");
        return all.subList(before, all.size()).stream()
                .filter(request -> Agents.nameOf(request.agent()).startsWith(spillway))
                .toList();
    }

    private static void calls(String server, List<AuditLog.Write> requests) {
        System.out.printf("  calls of the controller at the %s API server, one new pod's among them:%n", server);
        for (Map.Entry<String, Long> entry :
                Agents.counted(requests, AuditLog.Write::kind).entrySet()) {
            System.out.printf("    %-60s %,10d%n", entry.getKey(), entry.getValue());
        }
    }

    private static String since(Map<String, Long> seen, String pod, long begin) {
        var at = seen.get(pod);
        return at == null ? "-" : millis(at - begin);
    }

    private static String since(long begin) {
        return millis(System.nanoTime() - begin);
    }

    private static String millis(long nanos) {
        return "%,d ms".formatted(Duration.ofNanos(nanos).toMillis());
    }

    private static void line(String what, String value) {
        System.out.printf("  %-60s %12s%n", what, value);
    }
}
