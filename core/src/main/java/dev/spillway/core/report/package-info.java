/**
 * What is told, to whom and how often: pods, virtual nodes, Regions and policies. Other rooms decide; this one says it. Start at {@link
 * dev.spillway.core.report.Explainer} for pods that wait and at {@link dev.spillway.core.report.PodReports} for pods that run.
 */
@NullMarked
package dev.spillway.core.report;

import org.jspecify.annotations.NullMarked;
