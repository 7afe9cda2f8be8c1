package dev.spillway.app.cli;

import dev.spillway.app.controller.Controller;
import dev.spillway.app.controller.ControllerOptions;
import dev.spillway.app.controller.ControllerOptions.Election;
import dev.spillway.app.monitoring.DebugServer;
import dev.spillway.app.monitoring.HealthServer;
import dev.spillway.app.monitoring.HealthServer.Health;
import dev.spillway.app.monitoring.Meters;
import dev.spillway.core.step.Settings;
import dev.spillway.recording.recorder.Recording;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spillway controller}: runs the controller until it is told to end. */
@Command(
        name = "controller",
        description =
                "Places pods: runs the controller until Ctrl-C. Several may run; the one that holds the Lease works.",
        footer = {
            "",
            "Examples:",
            "  spillway controller --kubeconfig FILE",
            "  spillway controller                      # inside a cluster, by its service account",
            "  curl http://127.0.0.1:8086/readyz        # also /livez and /metrics",
            "  spillway controller --kubelet-port 10250 # where the API server asks for logs and shells",
            "  spillway controller --record file --record-folder recordings   # see 'spillway help replay'"
        },
        mixinStandardHelpOptions = true)
public final class ControllerCommand implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerCommand.class);

    @Mixin
    private KubeconfigOption kubeconfig = new KubeconfigOption();

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            description = "Where health and metrics are served. Default: ${DEFAULT-VALUE}.",
            defaultValue = "127.0.0.1")
    private String address = "";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Its port; 0 = any free one. Default: ${DEFAULT-VALUE}.",
            defaultValue = "8086")
    private int port;

    @Option(
            names = "--debug-port",
            paramLabel = "PORT",
            description =
                    "Port of 127.0.0.1 where a snapshot for 'spillway replay' is served; 0 = none. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0")
    private int debugPort;

    @Option(
            names = "--scheduler-name",
            paramLabel = "NAME",
            description = "Pods that name it are ours. Default: ${DEFAULT-VALUE}.",
            defaultValue = Settings.SCHEDULER_NAME)
    private String schedulerName = "";

    @Option(
            names = "--lease-namespace",
            paramLabel = "NAMESPACE",
            description = "Namespace of the Lease; made where it is missing. Default: ${DEFAULT-VALUE}.",
            defaultValue = ControllerOptions.LEASE_NAMESPACE)
    private String leaseNamespace = "";

    @Mixin
    private NodeApiOption nodeApi = new NodeApiOption();

    @Option(
            names = "--no-leader-election",
            description = "Work at once, without a Lease. Never run two controllers that way.")
    private boolean withoutElection;

    @Mixin
    private RecordingOption recording = new RecordingOption();

    @Mixin
    private LogOption log = new LogOption();

    @Override
    public void run() {
        log.apply();
        var recorded = recording.options();
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var meters = new Meters(registry);
        var running = new AtomicReference<@Nullable Controller>();
        // First of all, so that an occupied port is said before anything else happens.
        var health = HealthServer.start(parse(address), port, new Asked(running, meters, registry));
        AutoCloseable debug = () -> {};
        Controller controller;
        try {
            if (debugPort != 0) {
                debug = DebugServer.start(debugPort, () -> recorded(running.get()));
            }
            controller = Controller.start(
                    ControllerOptions.of(kubeconfig.file())
                            .withSchedulerName(schedulerName)
                            .withLeaseNamespace(leaseNamespace)
                            .withRecording(recorded)
                            .withNodeApi(nodeApi.options())
                            .with(withoutElection ? Election.NONE : Election.BY_LEASE),
                    meters);
        } catch (RuntimeException e) {
            Foreground.close(debug);
            health.close();
            throw e;
        }
        running.set(controller);
        LOG.atInfo()
                .addKeyValue("health", "http://%s:%d/readyz".formatted(address, health.port()))
                .log("controller runs");
        Foreground.untilTold(controller, debug, health);
        LOG.atInfo().log("controller ended");
    }

    private static Optional<Recording.Copy> recorded(@Nullable Controller controller) {
        return controller == null ? Optional.empty() : controller.recorded();
    }

    private static InetAddress parse(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new CommandException("Address %s is none of this machine; correct --address.".formatted(address), e);
        }
    }

    private record Asked(AtomicReference<@Nullable Controller> running, Meters meters, PrometheusMeterRegistry registry)
            implements HealthServer.Answers {
        @Override
        public Health alive() {
            return ControllerHealth.alive(running.get());
        }

        @Override
        public Health ready() {
            return ControllerHealth.ready(running.get());
        }

        @Override
        public String metrics() {
            // Rows that one refreshes are missing for a moment, which another one's answer must not show.
            synchronized (meters) {
                meters.refresh();
                return registry.scrape();
            }
        }
    }
}
