package dev.spillway.simulation;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.Binding;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;

/** Events and effects in few words, for the journal. Cheap, because every step of every run is written down. */
final class Texts {
    private Texts() {}

    /** Writes down what reached a process. */
    static void note(Journal journal, String process, Event event) {
        journal.note(subject(event), process + " <- " + text(event));
    }

    /** Writes down what a process asks for. */
    static void note(Journal journal, String process, Effect effect) {
        journal.note(subject(effect), process + " -> " + text(effect));
    }

    /** The pod or region that an event is about. */
    static String subject(Event event) {
        return switch (event) {
            case Event.PodSeen it -> it.pod().uid().value();
            case Event.PodGone it -> it.uid().value();
            case Event.PolicySeen it -> it.policy().key().toString();
            case Event.PolicyGone it -> it.policy().toString();
            case Event.ProfileSeen it -> "profile";
            case Event.ProfileGone it -> "profile";
            case Event.RegionSeen it -> it.region().id().value();
            case Event.RegionGone it -> it.region().value();
            case Event.BackendOpened it -> it.region().value();
            case Event.NodeSeen it -> it.node().name().value();
            case Event.NodeGone it -> it.node().value();
            case Event.NamespaceSeen it -> it.name();
            case Event.NamespaceGone it -> it.name();
            case Event.StorageSeen it -> it.object().id().toString();
            case Event.StorageGone it -> it.object().toString();
            case Event.DisruptionBudgetSeen it -> it.budget().name();
            case Event.DisruptionBudgetGone it -> it.name();
            case Event.ClusterListed it -> "cluster";
            case Event.AcquireAnswered it -> subject(it.effect());
            case Event.TerminateAnswered it -> subject(it.effect());
            case Event.FindAnswered it -> subject(it.effect());
            case Event.DescribeAnswered it -> subject(it.effect());
            case Event.InstancesListed it -> it.effect().region().value();
            case Event.InstanceReported it -> it.instance().tags().podUid().value();
            case Event.RegionDisturbed it -> it.region().value();
            case Event.BindAnswered it -> subject(it.effect());
            case Event.PodRead it -> subject(it.effect());
            case Event.PodsListed it -> subject(it.effect());
            case Event.SlotsReserved it -> subject(it.effect());
            case Event.SelectorRead it -> subject(it.effect());
            case Event.Written it -> subject(it.write());
            case Event.TimePassed it -> "time";
        };
    }

    /** The pod, node, region or policy that an effect is about. */
    static String subject(Effect effect) {
        return switch (effect) {
            case Effect.Acquire it -> it.request().tags().podUid().value();
            case Effect.Terminate it -> it.uid().value();
            case Effect.Find it -> it.uid().value();
            case Effect.Describe it -> it.uid().value();
            case Effect.ListInstances it -> it.region().value();
            case Effect.Bind it -> it.binding().uid().value();
            case Effect.ReadPod it -> it.uid().value();
            case Effect.ListPods it -> it.namespace();
            case Effect.Reserve it -> it.policy().toString();
            case Effect.ReadSelector it -> it.owner().uid();
            case Effect.Write it -> subject(it.write());
            case Effect.WakeAt it -> "time";
        };
    }

    /** Of a volume the pod that waits for it. */
    private static String subject(ClusterWrite write) {
        return write instanceof ClusterWrite.BindVolume(PodUid pod, var _)
                ? pod.value()
                : write.subject().name();
    }

    private static String text(Event event) {
        return switch (event) {
            case Event.PodSeen it ->
                "seen " + it.pod().phase() + " on " + it.pod().node()
                        + (it.pod().deleting() ? " deleting" : "");
            case Event.PodGone it -> "gone";
            case Event.PolicySeen it -> "policy generation " + it.policy().generation();
            case Event.PolicyGone it -> "policy gone";
            case Event.RegionSeen it -> "region generation " + it.region().generation() + it.problem();
            case Event.ProfileSeen it ->
                "profile of " + it.profile().selectors().size() + it.problem();
            case Event.ProfileGone it -> "profile gone";
            case Event.RegionGone it -> "region gone";
            case Event.BackendOpened it -> "opened";
            case Event.NodeSeen it -> "node " + it.node().taints();
            case Event.NodeGone it -> "node gone";
            case Event.NamespaceSeen it -> "namespace";
            case Event.NamespaceGone it -> "namespace gone";
            case Event.StorageSeen it -> "storage";
            case Event.StorageGone it -> "storage gone";
            case Event.DisruptionBudgetSeen it -> "budget";
            case Event.DisruptionBudgetGone it -> "budget gone";
            case Event.ClusterListed it -> "cluster listed";
            case Event.AcquireAnswered it -> text(it.effect()) + ": " + text(it.answer());
            case Event.TerminateAnswered it -> text(it.effect()) + ": " + it.answer();
            case Event.FindAnswered it -> text(it.effect()) + ": " + text(it.answer());
            case Event.DescribeAnswered it -> text(it.effect()) + ": " + text(it.answer());
            case Event.InstancesListed it -> "list: " + text(it.answer());
            case Event.RegionDisturbed it -> "disturbed, " + it.why();
            case Event.InstanceReported it ->
                "report " + it.instance().id() + " " + it.instance().state() + " "
                        + it.instance().reason();
            case Event.BindAnswered it -> text(it.effect()) + ": " + it.answer();
            case Event.PodRead it -> "read: " + it.answer().getClass().getSimpleName();
            case Event.PodsListed it -> "pods listed";
            case Event.SlotsReserved it -> "reserved: " + it.answer();
            case Event.SelectorRead it -> "selector: " + it.answer().getClass().getSimpleName();
            case Event.Written it -> it.write().inShort() + ": " + it.answer();
            case Event.TimePassed it -> "time";
        };
    }

    private static String text(Effect effect) {
        return switch (effect) {
            case Effect.Acquire it ->
                "acquire " + it.request().offer().product() + " in "
                        + it.request().offer().zone() + " #"
                        + it.request().tags().incarnation() + " unit "
                        + it.request().tags().unit();
            case Effect.Terminate it -> "terminate " + it.instance() + " (" + it.why() + ")";
            case Effect.Find it -> "find in " + it.region();
            case Effect.Describe it -> "describe " + it.instance();
            case Effect.ListInstances it -> "list";
            case Effect.Bind it -> text(it.binding());
            case Effect.ReadPod it -> "read";
            case Effect.ListPods it -> "list pods";
            case Effect.Reserve it -> "reserve " + it.desired();
            case Effect.ReadSelector it -> "read selector";
            case Effect.Write it -> it.write().inShort();
            case Effect.WakeAt it -> "wake at " + it.at();
        };
    }

    private static String text(Binding binding) {
        return "bind to " + binding.node() + " " + binding.annotations().getOr(Names.INSTANCE_ID, "without instance");
    }

    private static String text(AcquireAnswer answer) {
        return switch (answer) {
            case AcquireAnswer.Accepted it ->
                "accepted " + it.instance().id() + " " + it.instance().state();
            case AcquireAnswer.Spent it -> "spent " + it.instance();
            case AcquireAnswer.Refused it -> "refused, " + it.refusal().message();
            case AcquireAnswer.Unknown it -> "unknown, " + it.why();
        };
    }

    private static String text(FindAnswer answer) {
        return switch (answer) {
            case FindAnswer.Found it ->
                "found " + it.instance().id() + " " + it.instance().state();
            case FindAnswer.NotFound it -> "not found";
            case FindAnswer.Unknown it -> "unknown, " + it.why();
        };
    }

    private static String text(ListAnswer answer) {
        return switch (answer) {
            case ListAnswer.Complete it -> {
                var text = new StringBuilder();
                it.instances().forEach(one -> text.append(one.id()).append(' '));
                yield text.toString();
            }
            case ListAnswer.Unknown it -> "unknown, " + it.why();
            case ListAnswer.Throttled it -> "throttled, " + it.why();
        };
    }
}
