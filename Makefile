# What a developer types. Every target is one command of the tree, so that nobody needs make.

.DEFAULT_GOAL := help
.PHONY: house help quick verify format generate controlplane dev-cluster real-node real real-region region-conformance top mutants judge bench effect-hashes simulate simulate-contention simulate-rollout promtool release release-check chart

help: ## lists the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-19s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

quick: ## compiles everything and runs the tests of core
	./mvnw -B -ntp -q -DskipTests test-compile
	./mvnw -B -ntp -q -pl core test

verify: ## compiles, runs all tests, checks format and architecture; no Go, no cluster
	./mvnw -B -ntp verify

format: ## formats all sources
	./mvnw -B -ntp -q spotless:apply

generate: ## writes the CRDs' YAML from the Java types
	./mvnw -B -ntp -q -pl crds test -Dtest=CrdYamlTest#committedYamlIsWhatTheTypesSay -Dcrds.update=true

controlplane: ## builds a real control plane (needs Go; minutes the first time, then cached) and prints its folder
	@it/controlplane/build.sh

dev-cluster: ## starts a real control plane, prints its kubeconfig, stays until Ctrl-C
	@it/controlplane/cluster.sh start

real-node: ## the same with a real node, whose containers run on this machine (needs Go, Linux and root)
	@it/realnode/node.sh

real: ## runs every scenario, replays what was decided, runs the files about the API, the demo and the integration tests on a real control plane (needs Go)
	@it/real.sh

real-region: ## the article's second example over three control planes, and pods in a region with a real node: kubectl, probes, restarts, Secrets, outages; follows a log for MINUTES (default 2) (needs Go, Linux and root)
	it/kwok/build.sh >/dev/null
	./mvnw -B -ntp -q -Dreal -pl it -am test-compile failsafe:integration-test failsafe:verify \
	  -Dit.test='SpillOverIT,RealRegionIT,RegionStreamsIT' -Dfollow.minutes=$(or $(MINUTES),2) -Dfailsafe.failIfNoSpecifiedTests=false

top: ## kubectl top for pods of such a region, metrics-server on both sides (builds it, minutes the first time)
	it/metricsserver/build.sh >/dev/null
	./mvnw -B -ntp -q -Dreal -pl it -am test-compile failsafe:integration-test failsafe:verify \
	  -Dit.test=TopIT -Dfailsafe.failIfNoSpecifiedTests=false

promtool: ## has the real promtool check the metrics of a run, the alert rules and their cases (needs Go; minutes the first time)
	it/promtool/build.sh >/dev/null
	./mvnw -B -ntp -q -Dreal -pl it -am test-compile failsafe:integration-test failsafe:verify \
	  -Dit.test=PromtoolIT -Dfailsafe.failIfNoSpecifiedTests=false

chart: ## has helm and kustomize (builds them, minutes the first time) judge deploy/, installs both ways on a real control plane and uninstalls (needs Go)
	it/packaging/build.sh >/dev/null
	./mvnw -B -ntp -q -Dreal -pl it -am test-compile failsafe:integration-test failsafe:verify \
	  -Dit.test='ChartIT,Installed*IT,UninstallIT' -Dfailsafe.failIfNoSpecifiedTests=false

region-conformance: ## has each backend of the port meet the faults F44 to F59, and prints which it passes, and which cannot arise there and why
	@regions/conformance.sh

conformance: ## has Kubernetes' own tests judge a region that is another cluster, directly and through a home cluster (needs Go, Linux and root)
	@it/conformance/run.sh --write docs/conformance.md

mutants: ## tries every scenario under every planted fault: each fault must be caught, each scenario must catch one; three quarters of an hour
	@./spillway scenario --faults scenarios

judge: ## has kube-scheduler judge WORLDS random worlds (default 2000), beginning with SEED (default 1); needs Go
	./mvnw -B -ntp -q -Dreal -pl it -am test-compile failsafe:integration-test failsafe:verify \
	  -Dit.test=KubeSchedulerJudgeIT -Dfailsafe.failIfNoSpecifiedTests=false \
	  -Dworlds=$(or $(WORLDS),2000) -Dseed=$(or $(SEED),1)

bench: ## runs the benchmarks, those on a real control plane too (needs Go)
	@bench/run.sh

simulate-rollout: ## rolls REPLICAS (default 2000) replicas over capped units, SEEDS (default 200) times with crashes, and as often with two leaders
	./mvnw -B -ntp -q -pl simulation -am test -Dsurefire.failIfNoSpecifiedTests=false \
	  -Dtest='RolloutTest#capsAreExactAndNoPodIsLost' -Drollout.seeds=$(or $(SEEDS),200) -Drollout.replicas=$(or $(REPLICAS),2000)

simulate-contention: ## runs SEEDS (default 2000) worlds in which many compete for little; the test run has 200
	./mvnw -B -ntp -q -pl simulation -am test -Dsurefire.failIfNoSpecifiedTests=false \
	  -Dtest='ContentionTest#whoeverHasARightToCapacityGetsIt' -Dcontention.seeds=$(or $(SEEDS),2000)

house: ## prints how many files and methods are long, and the rooms of core, their floors and circles
	@./mvnw -B -ntp -q -pl trials -am test -Dsurefire.failIfNoSpecifiedTests=false -Dtest='SizesTest,HouseTest' -Dsurefire.useFile=false -Dsurefire.runOrder=reversealphabetical | grep -E '^(files|methods|floor|circle|engine types)'

effect-hashes: ## prints a hash of all effects for each of 450 simulated worlds: equal before and after a change that only moves code
	./mvnw -B -ntp -q -pl simulation -am test -Dsurefire.failIfNoSpecifiedTests=false -Dtest=EffectHashesTest -Dhashes=all

release: ## makes dist/: archive, container image, list of parts, plugin manifest, sums; release/build.sh --help says more
	@release/build.sh

release-check: ## makes it again from a fresh clone and compares the sums with those in dist/; what is not committed it cannot see
	@release/check.sh

simulate: ## runs the simulation with SEEDS seeds (default 2000); the test run has 200
	./mvnw -B -ntp -q -pl simulation -am test -Dsurefire.failIfNoSpecifiedTests=false \
	  -Dtest='SimulationTest#everyPromiseIsKeptWhateverGoesWrong' -Dseeds=$(or $(SEEDS),2000)
