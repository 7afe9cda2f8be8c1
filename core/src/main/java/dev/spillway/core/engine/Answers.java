package dev.spillway.core.engine;

import dev.spillway.core.caps.SlotReservations;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.nodebind.NodeBinder;
import dev.spillway.core.nodebind.Preemption;
import dev.spillway.core.outage.RegionOutages;
import dev.spillway.core.port.ClusterWrite;
import dev.spillway.core.port.PodListAnswer;
import dev.spillway.core.port.PodReadAnswer;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.provision.Acquisition;
import dev.spillway.core.provision.InstanceStatus;
import dev.spillway.core.provision.Namesakes;
import dev.spillway.core.provision.PodBinder;
import dev.spillway.core.provision.Termination;
import dev.spillway.core.report.EventRetries;
import dev.spillway.core.report.Explainer;
import dev.spillway.core.report.PodRemoval;
import dev.spillway.core.report.StatusWriter;
import dev.spillway.core.report.VirtualNodes;
import dev.spillway.core.rescue.Departures;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.core.step.PodWrites;
import dev.spillway.core.step.Step;

/** The answers to effects, and who waits for them. */
final class Answers {
    private final Step step;
    private final Acquisition acquisition;
    private final NodeBinder nodeBinder;
    private final Preemption preemption;
    private final SlotReservations slotReservations;
    private final PodBinder podBinder;
    private final InstanceStatus instanceStatus;
    private final Termination termination;
    private final PodReconciler podReconciler;
    private final RegionReconciler regionReconciler;
    private final Explainer explainer;
    private final PodRemoval podRemoval;
    private final VirtualNodes virtualNodes;
    private final StatusWriter statusWriter;
    private final EventRetries eventRetries;
    private final PodWrites writes;
    private final OwnerSelectors ownerSelectors;
    private final Namesakes namesakes;
    private final RegionOutages outages;
    private final Departures departures;

    Answers(Wiring parts) {
        this.step = parts.step;
        this.acquisition = parts.acquisition;
        this.nodeBinder = parts.nodeBinder;
        this.preemption = parts.preemption;
        this.slotReservations = parts.slotReservations;
        this.podBinder = parts.podBinder;
        this.instanceStatus = parts.instanceStatus;
        this.termination = parts.termination;
        this.podReconciler = parts.podReconciler;
        this.regionReconciler = parts.regionReconciler;
        this.explainer = parts.explainer;
        this.podRemoval = parts.podRemoval;
        this.virtualNodes = parts.virtualNodes;
        this.statusWriter = parts.statusWriter;
        this.eventRetries = parts.eventRetries;
        this.writes = parts.writes;
        this.ownerSelectors = parts.ownerSelectors;
        this.namesakes = parts.namesakes;
        this.outages = parts.outages;
        this.departures = parts.departures;
    }

    /** Takes in an answer; what it tells of pods has been learnt already. */
    void answered(Event.Answer answer) {
        switch (answer) {
            case Event.TerminateAnswered answered -> {
                outages.answered(answered.effect().region(), answered.answer());
                termination.terminateAnswered(answered.effect(), answered.answer());
                answered(answered.effect().region());
            }
            case Event.FindAnswered answered -> {
                outages.answered(answered.effect().region(), answered.answer());
                acquisition.findAnswered(answered.effect(), answered.answer());
            }
            case Event.DescribeAnswered answered -> {
                outages.answered(answered.effect().region(), answered.answer());
                namesakes.described(answered.effect(), answered.answer());
                podReconciler.describeAnswered(answered.effect(), answered.answer());
            }
            case Event.InstancesListed answered -> {
                regionReconciler.listed(answered.effect(), answered.answer());
                outages.answered(answered.effect().region(), answered.answer());
                virtualNodes.sync(answered.effect().region());
                statusWriter.touch(answered.effect().region());
            }
            case Event.BindAnswered answered -> {
                if (!nodeBinder.bindAnswered(answered.effect(), answered.answer())) {
                    podBinder.bindAnswered(answered.effect(), answered.answer());
                }
            }
            case Event.SlotsReserved reserved -> slotReservations.answered(reserved.effect(), reserved.answer());
            case Event.SelectorRead read -> ownerSelectors.answered(read.effect(), read.answer());
            case Event.Written written -> {
                step.answered(written.write());
                written(written.write(), written.answer());
            }
            case Event.PodRead(Effect.ReadPod effect, PodReadAnswer read) -> {
                nodeBinder.podRead(effect.uid(), read);
                podBinder.podRead(effect.uid(), read);
                regionReconciler.podRead(effect, read);
            }
            case Event.PodsListed(Effect.ListPods effect, PodListAnswer listed) ->
                slotReservations.podsListed(effect, listed);
        }
    }

    /** A region has answered: what is shown of it may change. */
    void answered(RegionId region) {
        virtualNodes.sync(region);
        statusWriter.touch(region);
    }

    private void written(ClusterWrite written, WriteAnswer answer) {
        boolean done = answer instanceof WriteAnswer.Done;
        switch (written) {
            case ClusterWrite.WriteStatus write -> {
                writes.written(write, answer);
                podRemoval.written(write, answer);
                if (done) {
                    instanceStatus.statusWritten(write.uid(), write.status());
                }
            }
            case ClusterWrite.Explain write -> {
                if (!done && !(answer instanceof WriteAnswer.Gone)) {
                    explainer.failed(write.uid());
                }
            }
            case ClusterWrite.BindVolume write -> nodeBinder.volumeWritten(write, answer);
            case ClusterWrite.Evict write -> preemption.written(write, answer);
            case ClusterWrite.GiveUp write -> { // whose it is each of them knows
                departures.written(write, answer);
                outages.written(write, answer);
            }
            case ClusterWrite.Nominate write -> preemption.written(write, answer);
            case ClusterWrite.AnnounceProfile write -> eventRetries.written(write, answer);
            case ClusterWrite.AnnounceNode write -> eventRetries.written(write, answer);
            case ClusterWrite.Announce write -> eventRetries.written(write, answer);
            case ClusterWrite.Annotate write -> writes.written(write, answer);
            case ClusterWrite.RemovePod write -> podRemoval.removed(write, answer);
            case ClusterWrite.PutNode write -> virtualNodes.written(write, answer);
            case ClusterWrite.RemoveNode write -> virtualNodes.removed(write, answer);
            case ClusterWrite.WriteRegionStatus write -> statusWriter.written(write, done);
            case ClusterWrite.WritePolicyStatus write -> statusWriter.written(write, done);
        }
    }
}
