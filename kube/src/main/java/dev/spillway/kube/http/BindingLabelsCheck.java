package dev.spillway.kube.http;

import dev.spillway.core.port.Binding;
import dev.spillway.core.port.PodReadAnswer;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.kube.translate.ClusterRequests;
import dev.spillway.kube.translate.ClusterRequests.BindingLabels;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the API server copies a Binding's labels onto the pod (scenarios/api/binding-copies-labels.yaml). Asked of its metrics, else
 * concluded from its version; the first pod bound is read back to see whether that is so. Where in doubt, labels are
 * patched before the binding, which is right on every server and costs one request more. Thread-safe.
 */
public final class BindingLabelsCheck {
    private static final Logger LOG = LoggerFactory.getLogger(BindingLabelsCheck.class);
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final String FEATURE = "PodTopologyLabelsAdmission";
    private static final int FIRST_MINOR = 35; // the feature is on by default since Kubernetes 1.35

    private final AtomicBoolean checked = new AtomicBoolean();
    private volatile BindingLabels belief;

    private BindingLabelsCheck(BindingLabels belief) {
        this.belief = belief;
    }

    /** Asks the server; blocks for a few seconds at most. */
    public static BindingLabelsCheck ask(ApiClient client) {
        try {
            return believing(FeatureGates.isOn(client, FEATURE, FIRST_MINOR, DEADLINE));
        } catch (IOException e) {
            return believing(false);
        }
    }

    /** Starts from a belief; the first binding still checks it. */
    static BindingLabelsCheck believing(boolean copied) {
        return new BindingLabelsCheck(copied ? BindingLabels.COPIED : BindingLabels.IGNORED);
    }

    /** What to do with the next binding. */
    public BindingLabels belief() {
        return belief;
    }

    /** A binding was done: the first time, looks whether its labels arrived, and brings them where they did not. */
    void bound(Binding binding, Sender sender) {
        if (belief == BindingLabels.IGNORED || binding.labels().isEmpty() || !checked.compareAndSet(false, true)) {
            return;
        }
        var read = sender.drive(ClusterRequests.readPod(binding.pod()), DEADLINE, PodReadAnswer.Unknown::new);
        if (!(read instanceof PodReadAnswer.Found found) || !found.pod().uid().equals(binding.uid())) {
            checked.set(false); // nothing learnt; the next one checks
            return;
        }
        if (!found.pod().labels().containsAll(binding.labels())) {
            belief = BindingLabels.IGNORED;
            LOG.atWarn().log("the API server does not copy a Binding's labels; they are patched before each binding");
            sender.drive(ClusterRequests.labelAsBound(binding), DEADLINE, WriteAnswer.Unknown::new);
        }
    }
}
