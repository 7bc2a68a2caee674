//! Databases, caches, queues and the tools around them.

use crate::commands::rule::{Act, Rule, on};

pub(super) const RULES: &[Rule] = &[
    on("dropdb|dropuser|droplang", Act::Data).but("--help"),
    on("pg_restore", Act::Data).with("-c --clean").but("-l --list -f"),
    on("pg_dump|pg_dumpall|mysqldump|mariadb-dump", Act::Data).with("-c --clean --add-drop-database --add-drop-table --flush-logs --delete-master-logs --delete-source-logs").mild(),
    on("pg_resetwal|pg_resetxlog|pg_rewind|pg_dropcluster|pg_archivecleanup|pg_upgrade", Act::Data).but("-n --dry-run --check -c"),
    on("pg_ctl|pg_ctlcluster stop|restart|kill|promote|*", Act::Stops).with("stop restart kill promote"),
    on("pg_recvlogical", Act::Data).with("--drop-slot"),
    on("repmgr|patronictl|stolonctl|pg_autoctl|pgbackrest|barman|wal-g|wal-e|pgbouncer", Act::Data)
        .with("remove delete drop failover switchover reinit expire stop stanza-delete primary-failover init everything retain garbage *unregister promote cluster-remove delete everything before destroy restore recover")
        .but("list show info --dry-run"),
    on("mysqladmin|mariadb-admin drop|shutdown|flush-*|kill|password|stop-*|refresh|reload", Act::Data),
    on("mysqladmin|mariadb-admin", Act::Data).with("drop shutdown kill"),
    on("mysql_secure_installation|mysqlbinlog|mysqlcheck|myisamchk", Act::Data).with("--repair -r --force --safe-recover -o").mild(),
    on("redis-cli|valkey-cli|keydb-cli", Act::Data)
        .with("flushall flushdb shutdown del unlink debug resetstat failover reset *flush* rewriteaof forget delslots replicaof slaveof kill del-node swapdb xtrim restore *eval*del*"),
    on("redis-cli|valkey-cli config set|rewrite|resetstat", Act::Data).mild(),
    on("redis-cli|valkey-cli script|function|cluster|acl|client flush|delete|reset|forget|deluser|kill|failover", Act::Data),
    on("memcflush|memrm|memcached-tool", Act::Data).with("* flush_all --servers"),
    on("mongo|mongosh|mongocli|atlas", Act::Data)
        .with("*dropDatabase* *drop()* *deleteMany* *deleteOne* *remove(* *dropIndex* *shutdownServer* *dropUser* *.drop* delete terminate *dropAllUsers* *dropRole*"),
    on("mongorestore", Act::Data).with("--drop"),
    on("mongod", Act::Data).with("--repair --shutdown"),
    on("sqlite-utils drop-table|drop-view|disable-*|transform", Act::Data),
    on("sqlite-utils query", Act::Data).with("*delete\\ from* *drop\\ table* *delete* *drop*"),
    on("sqlcmd|osql|bcp|sqlplus|isql|usql|mycli|pgcli|litecli|clickhouse-client|clickhouse|duckdb|snowsql|trino|presto|hive|beeline|impala-shell|spark-sql|cqlsh|cockroach|ysqlsh|tsql|bteq|db2|vsql", Act::Data)
        .with("*drop* *truncate* *shutdown* *purge* *DROP* *TRUNCATE*"),
    on("cockroach node|workload|userfile|demo|auth-session decommission|drain|delete|init|drop", Act::Data),
    on("nodetool decommission|removenode|assassinate|drain|clearsnapshot|disable*|stop*|cleanup|truncatehints|invalidate*|scrub|bootstrap|flush|garbagecollect|rebuild|stopdaemon|reset*", Act::Data),
    on("influx|influxd bucket|delete|org|user|task|auth|v1|stack|telegrafs|dashboards|restore|inspect delete|--bucket|--org|rm|remove|delete-*", Act::Data),
    on("influx delete", Act::Data),
    on("clickhouse-keeper-client|zkcli|zkcli.sh|zookeeper-shell|zookeeper-shell.sh", Act::Data).with("*rm* *delete* rmr deleteall *rmr*"),
    on("cbq|couchbase-cli|couchdb|curator|curator_cli|elasticdump|es-cli", Act::Data)
        .with("*-delete *delete* bucket-flush bucket-delete failover rebalance server-readd delete_indices delete-indices delete_snapshots delete-snapshots close shrink userdel --delete"),
    on("elasticsearch-users|elasticsearch-keystore|elasticsearch-plugin|elasticsearch-reset-password|elasticsearch-node|opensearch-plugin userdel|remove|-u|unsafe-bootstrap|detach-cluster|repurpose|remove-*|override-version", Act::Data),
    on("hbase|hdfs|hadoop|yarn|mapred|ozone|oozie|sqoop|hdp dfs|fs|dfsadmin|namenode|application|job|queue|sh|key|bucket|volume|cacheadmin|cache|ec|crypto|storagepolicies", Act::Data)
        .with("-rm -rmr -rmdir -expunge -format -kill -delete -deleteSnapshot -rollingUpgrade -finalizeUpgrade -removeDirective -truncate delete -refreshNodes -skipTrash"),
    on("hdfs|hadoop namenode", Act::Disk).with("-format -rollback"),
    on("neo4j-admin|cypher-shell|arangosh|orientdb|dgraph|gremlin", Act::Data)
        .with("*detach delete* *delete* *drop* *DETACH DELETE* *DELETE* *DROP* --overwrite-destination --force *_dropDatabase* *truncate*"),
    // Queues.
    on("kafka-topics|kafka-topics.sh", Act::Data).with("--delete"),
    on("kafka-delete-records|kafka-delete-records.sh|kafka-leader-election|kafka-leader-election.sh|kafka-server-stop|kafka-server-stop.sh|kafka-streams-application-reset|kafka-streams-application-reset.sh", Act::Data),
    on("kafka-consumer-groups|kafka-consumer-groups.sh", Act::Data).with("--delete --reset-offsets --delete-offsets").but("--dry-run"),
    on("kafka-acls|kafka-acls.sh|kafka-reassign-partitions|kafka-reassign-partitions.sh|kafka-metadata-quorum.sh|kafka-features.sh", Act::Data).with("--remove --execute --cancel remove-controller downgrade"),
    on("kafka-configs|kafka-configs.sh", Act::Data).with("--delete-config --delete-config-provider"),
    on("kafka-storage|kafka-storage.sh format", Act::Disk),
    on("kafkactl|kcat|kaf|kcctl|zoe|rpk|confluent|topicctl|julie topic|group|cluster|acl|delete|consumer-group|connector|schema|kafka|environment|partition|user|security|registry|redpanda|transform|iam|api-key|service-account|ksql|node", Act::Data)
        .with("delete rm remove trim-prefix seek stop reset decommission delete-* purge destroy offset-delete"),
    on("rabbitmqctl|rabbitmqadmin|rabbitmq-diagnostics|rabbitmq-queues|rabbitmq-streams|rabbitmq-plugins|rabbitmq-upgrade", Act::Data)
        .with("delete purge delete_* purge_* reset force_reset stop stop_app forget_cluster_node clear_* close_* shutdown disable drain delete_queue clear_permissions rotate_logs kill stop_* remove_* delete_replica close_all_connections force_boot delete-*"),
    on("nats|nsc stream|consumer|kv|object|account|server|bucket|obj|str|con|schema|context|ctx|auth|errors", Act::Data)
        .with("delete rm del purge rmm destroy step-down cluster-remove seal drain revoke unlink peer-remove stepdown compact").but("ls list info"),
    on("nsc delete|revocations", Act::Account),
    on("pulsar-admin|pulsarctl|bookkeeper|mosquitto_ctrl|emqx|emqx_ctl|activemq|artemis|mqadmin|gearadmin|celery|rq|sidekiq|resque|bull|beanstalkd|tibemsadmin|runmqsc", Act::Data)
        .with("*delete* purge destroy terminate unload clear-backlog skip-all kick stop empty flush drop remove unsubscribe expire-messages *clear* skip revoke deleteTopic deleteUser deleteClient deleteRole queue.delete queue.purge"),
    // Services that keep settings.
    on("consul kv|acl|services|config|intention|operator|snapshot|leave|force-leave|maint|peering|connect|partition|namespace|lock", Act::Data)
        .with("delete deregister leave force-leave remove-peer restore -enable revoke").but("list get read"),
    on("consul leave|force-leave", Act::Stops),
    on("vault|bao|openbao kv|secrets|auth|lease|token|policy|operator|delete|namespace|audit|plugin|transit|write|unwrap|pki|proxy|agent|version", Act::Data)
        .with("delete destroy disable revoke seal step-down rekey rotate remove-peer deregister undelete -force move rollback *revoke* */rotate */revoke tidy init deregister -f")
        .but("list read get status"),
    on("vault|bao kv delete|destroy|metadata|put|patch|rollback", Act::Data).with("delete destroy put patch rollback").but("get"),
    on("vault|bao delete|seal", Act::Data),
    on("op item|vault|user|group|document|connect|service-account|events-api delete|suspend|revoke|edit|archive|remove|provision", Act::Account)
        .with("delete suspend revoke archive edit"),
    on("zkcli|etcd", Act::Data).with("--force-new-cluster rmr deleteall"),
    on("rails|rake|bin/rails|bin/rake|bundle db:drop|db:reset|db:purge|db:schema:load|db:migrate:reset|db:truncate_all|db:drop:*|db:setup|db:rollback|db:migrate:down|db:seed:replant|db:structure:load|db:drop:_unsafe|destroy|d|tmp:clear|log:clear|assets:clobber", Act::Data),
    on("rails|gitlab-rails|rake runner|r|console|dbconsole|db", Act::Data).with("*destroy_all* *delete_all* *.destroy* *.delete* *drop_table* *truncate* *drop_database* *purge*"),
    on("prisma|drizzle-kit|typeorm|sequelize|sequelize-cli|knex|mikro-orm|sqlx|diesel|sea-orm-cli|alembic|flask|django-admin|manage.py|python|python3|goose|migrate|dbmate|flyway|liquibase|atlas|sqitch|phinx|doctrine|doctrine:schema:drop|ecto|mix|lucky|amber|rambler|tern|bytebase|skeema|gh-ost|pt-archiver|pt-online-schema-change|refinery|yoyo|aerich|piccolo|buf", Act::Data)
        .with("*:drop *:rollback *:reset *:drop-db schema:drop db:drop db:wipe reset drop dropAll drop-all clean flush sqlflush reset_db revert rollback --drop *down:all undo:all db:migrate:undo:all *ecto.drop *ecto.reset *ecto.rollback redo downgrade down -all --force-reset --accept-data-loss --purge dropped schema:fresh migration:fresh rebase --delete")
        .but("--dry-run status --help test build pytest").mild(),
    on("python|python3|manage.py|django-admin|./manage.py", Act::Data).with("flush reset_db sqlflush clean_duplicate_history delete_stale_contenttypes remove_stale_contenttypes clearsessions").mild(),
    on("php|symfony|bin/console|console artisan|bin/console|console|app/console|think|yii|spark|please", Act::Data)
        .with("migrate:fresh migrate:reset migrate:refresh migrate:rollback db:wipe doctrine:database:drop doctrine:schema:drop doctrine:fixtures:load *:drop cache:clear queue:flush queue:clear queue:prune* model:prune telescope:clear horizon:terminate horizon:clear down migrate/fresh migrate/down"),
    on("doctrine:database:drop|doctrine:schema:drop", Act::Data),
    on("supabase|hasura|appwrite|convex|firebase|pocketbase|xata|fauna|nhost db|migration|database|metadata|firestore:delete|database:remove|hosting:disable|functions:delete|projects:*|delete|branches|secrets|collection|databases|reset|apps:*|ext:uninstall|auth:*|seed", Act::Data)
        .with("reset delete drop down clear firestore:delete database:remove hosting:disable functions:delete remove unset squash repair *:delete *:remove *:disable ext:uninstall"),
    on("bq rm|cancel", Act::Data),
    on("bq query", Act::Data).with("*drop* *truncate* *delete from* *DROP* *TRUNCATE* *DELETE FROM*"),
    on("bq load|cp|mk", Act::Data).with("--replace -f --force --truncate").mild(),
    on("dbt|airflow|dagster|prefect|mlflow|wandb|kaggle|great_expectations|meltano|feast|kedro clean|db|dags|tasks|variables|connections|pools|run|delete|gc|experiments|runs|artifact|job|sweep|deployment|work-pool|flow-run|block|concurrency-limit|profile|teardown|flow|datasets|models|kernels|variable|roles|users|instance|asset", Act::Data)
        .with("clean reset delete clear drop wipe gc --full-refresh purge cancel teardown rm remove --cancel export-archived").mild(),
    on("dbt run|build|seed|snapshot", Act::Data).with("--full-refresh -f").mild(),
    on("meilisearch|meilisearch-cli|meili|algolia|typesense|solr|bin/solr|vespa|qdrant|weaviate|milvus_cli|pinecone|chroma", Act::Data)
        .with("delete clear destroy drop remove *:delete *-delete reset stop uninstall deletebykey"),
    on("promtool|amtool|cortextool|mimirtool|lokitool|thanos|logcli|victoriametrics|vmctl tsdb|silence|rules|alertmanager|tools|bucket|config|overrides|delete|loadgen|push", Act::Data)
        .with("delete expire cleanup mark rewrite retention sync --force").mild(),
    on("splunk remove|clean|stop|disable|delete|offline|edit|rolling-restart", Act::Data).with("remove clean stop disable delete offline eventdata rolling-restart -delete").but("list"),
];
