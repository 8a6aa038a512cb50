"""The proof of "nothing lost, nothing twice": real processes, killed while a town works with them.

``plan``     what happens, derived from a seed alone: who writes what, what breaks when, how events travel
``town``     an installation: Slack's double, a database, and the replicas of the service
``lives``    plays what people do with their drafts, and keeps a chronicle of it
``blows``    kills, disconnects and restarts in step with the lives
``verdict``  compares what stands in Slack and in the record with the chronicle
``run``      one run from the plan to the verdict; ``python -m tests.chaos`` prints it

``docs/reliability.md`` says what is promised and how it is judged.
"""
