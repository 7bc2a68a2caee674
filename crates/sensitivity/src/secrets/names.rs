//! The names by which people call secrets, and the services that give them out.

/// Parts of names of what is secret, in lower case.
pub(crate) const SECRET: &[&str] = &[
    "token", "secret", "passw", "pwd", "passphrase", "passcode", "apikey", "api_key", "api-key", "api key", "key",
    "auth", "bearer", "credential", "private", "access", "cookie", "session", "pat", "jwt",
    "webhook", "sas", "creds", "login", "oauth", "license", "seed", "api", "client", "pw", "refresh",
    "otp", "x-vault", "consumer", "pass", "basic", "passphrase", "appkey", "app_id", "appid", "tok",
    "hmac", "master", "psk", "nkey",
];

/// Parts of names that make a name of a secret one of something else.
pub(crate) const RATHER: &[&str] = &[
    "encrypted", "public", "pub_key", "pubkey", "hash", "digest", "checksum", "fingerprint", "commit", "sha1", "sha256",
    "fake", "dummy", "example", "mock", "sample", "placeholder", "nonmatching", "protected", "cipher", "thumbprint",
    "arn:", "certificate", "keyboard", "keyframe", "keyword", "monkey", "foreign", "partition", "hashed", "invalid",
];

/// Beginnings of identifiers that services show to everyone.
pub(crate) const PUBLIC_PREFIXES: &[&str] = &[
    "in", "cus", "pi", "ch", "sub", "price", "prod", "evt", "acct", "txn", "seti", "pm", "card", "src", "cs", "req",
    "si", "il", "re", "po", "tr", "ba", "file", "msg", "run", "thread", "asst", "chatcmpl", "call", "resp", "toolu",
    "user", "usr", "org", "team", "proj", "dpl", "prj", "inv", "order", "img", "image", "id", "rec", "tbl", "fld",
    "app", "viw", "css", "sc", "chunk", "index", "main", "vendor", "build", "commit", "v", "sha256", "md5", "sha1",
];

/// Parts of names of what is random and no secret.
pub(crate) const OPEN: &[&str] = &[
    "sha1", "sha-1", "sha256", "sha-256", "sha384", "sha512", "md5", "commit", "digest", "checksum", "integrity",
    "hash", "etag", "revision", "rev", "uuid", "guid", "fingerprint", "public", "pubkey", "blob", "tree", "image",
    "trace", "request", "nonce", "resolved", "version", "build", "module", "path", "href",
    "crc", "arn:", "arn", "thumbprint", "kid", "jti", "salt", "signature", "checksums", "blake", "sri", "merkle",
    "txid", "transaction", "serial", "encrypted", "ciphertext", "cipher",
    "protected", "compact", "event", "ssh-rsa", "ssh-ed25519", "ecdsa-sha2", "snapshot", "manifest", "layer",
    "parent", "gist", "docs.google", "video", "youtu", "watch", "boundary",
];

/// Services that give out keys without a form of their own. A name here before something random says what it is.
#[rustfmt::skip]
pub(crate) const SERVICES: &[&str] = &[
    "abstractapi", "abuseipdb", "accuweather", "adafruit", "adobe", "adzuna", "agora", "ahrefs", "aikido", "airbrake",
    "airship", "airtable", "airvisual", "aiven", "akamai", "alchemy", "algolia", "alibaba", "aliyun", "alpaca",
    "alphavantage", "amadeus", "ambee", "amplitude", "anthropic", "apify", "apigee", "apollo", "appcues", "appdynamics",
    "appfollow", "applitools", "appveyor", "artifactory", "asana", "assemblyai", "atera", "atlassian", "auth0",
    "autodesk", "autoklose", "avaza", "aviationstack", "aylien", "ayrshare", "azure", "bamboohr", "bannerbear", "baremetrics",
    "basecamp", "beamer", "beebole", "besttime", "billomat", "binance", "bing", "bitbar", "bitbucket", "bitcoinaverage",
    "bitfinex", "bitly", "bitmex", "bitrise", "bittrex", "bitwarden", "blablabus", "blazemeter", "blitapp", "blocknative",
    "blogger", "blynk", "bombbomb", "boost", "borgbase", "box", "braintree", "branch.io", "braze", "brandfetch", "brevo",
    "browserstack", "browshot", "buddyns", "buddy", "budibase", "bugherd", "bugsnag", "buildkite", "bunny", "buttercms",
    "caflou", "calendarific", "calendly", "calorieninja", "campayn", "cannyio", "capsulecrm", "captaindata", "carboninterface",
    "cashboard", "caspio", "censys", "centralstation", "cexio", "chargebee", "chartmogul", "chatbot", "chatfule", "checkio",
    "checklyhq", "checkout", "checkvist", "cicero", "circleci", "cisco", "clarifai", "clay", "clearbit", "clickatell",
    "clickhouse", "clicksend", "clickup", "cliengo", "clinchpad", "clockify", "clockwork", "closecrm", "cloudconvert",
    "cloudelements", "cloudflare", "cloudimage", "cloudinary", "cloudmersive", "cloudplan", "cloudsmith", "cloverly",
    "cloze", "clustdoc", "codacy", "codeclimate", "codecov", "codemagic", "codequiry", "cohere", "coinapi", "coinbase",
    "coinlayer", "coinlib", "coinmarketcap", "collect2", "column", "commercejs", "commodities", "companyhub", "confluent",
    "consul", "contentful", "contentstack", "convertkit", "convier", "copper", "countrylayer", "courier", "coveralls",
    "craftmypdf", "crowdin", "crowdstrike", "cryptocompare", "currencycloud", "currencyfreaks", "currencylayer",
    "currencyscoop", "currentsapi", "customerguru", "customerio", "customer.io", "d7network", "dandelion", "dareboost",
    "databox", "databricks", "datadog", "datafire", "datagov", "deepai", "deepgram", "deepl", "deepseek", "delighted",
    "demio", "deputy", "derwent", "detectlanguage", "detectify", "devcycle", "dfuse", "diffbot", "diggernaut", "digicert",
    "digitalocean", "discord", "discogs", "disqus", "ditto", "dnscheck", "docker", "docparser", "documo", "docusign",
    "doppler", "dotdigital", "dotmailer", "dovico", "dronahq", "drone", "droneci", "dropbox", "duda", "duo", "dwolla",
    "dyspatch", "eagleeye", "easyinsight", "ecostruxure", "edamam", "edenai", "eightxeight", "elastic", "elasticemail",
    "elevenlabs", "enablex", "endorlabs", "enigma", "envoy", "eraser", "etherscan", "ethplorer", "etsy", "eventbrite", "everhour",
    "exchangerate", "exportsdk", "extractorapi", "facebook", "faceplusplus", "fastforex", "fastly", "feedier", "fetchrss",
    "fibery", "figma", "fileio", "finage", "financialmodelingprep", "findl", "finicity", "finnhub", "firebase", "fireworks",
    "fixerio", "flatio", "fleetbase", "flexport", "flickr", "flightapi", "flightlabs", "flightstats", "float", "flowflu",
    "flutterwave", "fmfw", "formbucket", "formcraft", "formio", "formsite", "foursquare", "frameio", "freshbooks",
    "freshdesk", "freshworks", "front", "fullstory", "fulcrum", "fusebill", "fxmarket", "geckoboard", "gemini", "gengo", "geoapify",
    "geocode", "geocodify", "geocodio", "geoipifi", "getgeoapi", "getgist", "getresponse", "getsandbox", "github", "gitlab", "gitter",
    "glassnode", "glitterly", "gocanvas", "gocardless", "godaddy", "goodday", "goodreads", "google", "grafana", "graphcms",
    "graphhopper", "groove", "groq", "gtmetrix", "guardian", "gumroad", "guru", "gyazo", "happyscribe", "harvest", "hasura", "heap",
    "hellosign", "helpcrunch", "helpscout", "hereapi", "heroku", "hetzner", "hightail", "hiveage", "holidayapi", "holistic",
    "honeycomb", "honeybadger", "host.io", "html2pdf", "hubspot", "huggingface", "humanity", "hunter", "hybiscus", "hypertrack",
    "ibm", "iconfinder", "iexapis", "iexcloud", "imagekit", "imgur", "imagga", "impala", "infobip", "infracost", "infura",
    "insightly", "instabot", "instagram", "instamojo", "integromat", "intercom", "interseller", "intrinio", "invoiceocean", "ionic",
    "ipapi", "ipdata", "ipgeolocation", "ipify", "ipinfo", "ipquality", "ipstack", "jina", "jenkins", "jfrog", "jira", "jotform", "jumpcloud", "jumpseller",
    "juro", "kairos", "kaleyra", "kanban", "kayako", "keen.io", "keenio", "kickbox", "kimi", "klaviyo", "klipfolio", "knapsack", "kontent",
    "kraken", "kucoin", "kylas", "lambdatest", "langchain", "languagelayer", "lark", "lastfm", "launchdarkly", "leadfeeder",
    "lemlist", "lemonsqueezy", "lendflow", "lessannoyingcrm", "lexigram", "linear", "linemessaging", "linenotify", "linkedin",
    "linkpreview", "linode", "litmus", "liveagent", "livestorm", "loadmill", "lob", "locationiq", "logdna", "loginradius", "loggly", "logz",
    "lokalise", "looker", "loyverse", "lunchmoney", "luno", "m3o", "macaddress", "madkudu", "magicbell", "magnetic", "mailboxlayer",
    "mailchimp", "mailerlite", "mailgun", "mailjet", "mailmodo", "mailsac", "mandrill", "manifest", "mapbox", "mapquest",
    "marketstack", "mattermost", "mavenlink", "maxmind", "mediastack", "meistertask", "meraki", "mercury", "mesibo", "messagebird",
    "metaapi", "metabase", "metrilo", "midise", "mindmeister", "miro", "mistral", "mite", "mixmax", "mixpanel", "mockaroo", "moderation",
    "monday", "monkeylearn", "moonclerk", "moonshot", "moosend", "moralis", "mrticktock", "mux", "myfreshworks", "myintervals",
    "nasdaq", "neptune", "nethunt", "netlify", "neutrino", "newrelic", "new_relic", "newsapi", "newscatcher", "newsdata", "nexmo", "nftport", "ngrok",
    "nicereply", "nightfall", "nimble", "nitro", "noticeable", "notion", "nozbe", "npm", "nugetorg", "numverify", "nutritionix", "nvidia",
    "nylas", "nytimes", "oanda", "okta", "omnisend", "onbuka", "onedesk", "oneinch", "onelogin", "onepagecrm", "onesignal",
    "onwater", "oopspam", "openai", "opencage", "opengraph", "openrouter", "openuv", "openweather", "opsgenie", "optimizely", "orbit",
    "overloop", "owlbot", "packagecloud", "pagarme", "pagerduty", "pandadoc", "pandascore", "paperform", "paralleldots", "parsehub",
    "parsers", "parseur", "partnerstack", "particle", "passbase", "pastebin", "paymo", "paymongo", "paypal", "paystack", "pdflayer", "pdfshift",
    "peopledatalabs", "pendo", "pepipost", "percy", "phantombuster", "pinata", "pinecone", "pingdom", "pinterest", "pipedream", "pipedrive",
    "pivotal", "pixabay", "plaid", "planview", "planyo", "plivo", "podio", "polly", "poloniex", "polygon", "portainer", "positionstack",
    "postageapp", "posthog", "postman", "postmark", "powrbot", "printful", "privacy", "privateai", "prodpad", "prospectcrm", "protocolsio", "proxycrawl",
    "pubnub", "purestake", "pusher", "qase", "qualaroo", "qubole", "quickmetrics", "rabbitmq", "rapidapi", "raven", "rawg", "razorpay",
    "reachmail", "readme", "reallysimplesystems", "rebrandly", "recharge", "recruitee", "redis", "refiner", "rentman", "repairshopr", "replicate", "replyio", "requestfinance",
    "restpack", "rev.ai", "revamp", "ringcentral", "ritekit", "roaring", "rocketreach", "rollbar", "roninapp", "route4me", "rownd", "rubygems", "runrunit", "runway",
    "salesblink", "salescookie", "salesflare", "salesforce", "salesmate", "satismeter", "saucelabs", "scaleway", "scalr", "scrapeowl", "scraperapi",
    "scraperbox", "scrapestack", "scrapingant", "scrapingbee", "screenshotapi", "screenshotlayer", "scrutinizer", "securitytrails", "segment",
    "selectpdf", "semaphore", "semrush", "sendbird", "sendgrid", "sendinblue", "sentiment", "sentry", "serphouse", "serpstack", "shodan", "shopify", "shortcut", "shotstack",
    "shutterstock", "sigopt", "signable", "signalwire", "signaturit", "signupgenius", "sigma", "simfin", "simplesat", "simplynoted",
    "simvoly", "sinch", "sirv", "siteleaf", "skrapp", "skybiometry", "slack", "slackwebhook", "smartsheet", "smartystreets", "smooch",
    "snapcraft", "snipcart", "snowflake", "snyk", "sonar", "sourcegraph", "sparkpost", "speechmatics", "spoonacular", "sportradar", "sportsmonk", "spotify",
    "sqreen", "square", "squarespace", "squareup", "sslmate", "stability", "statuscake", "statuspage", "statuspal", "stitchdata", "stockdata", "storecove",
    "stormboard", "stormglass", "storyblok", "storychief", "strava", "streak", "stripe", "stripo", "stytch", "sugester", "sumologic",
    "supabase", "supernotes", "surge", "surveyanyplace", "surveybot", "surveysparrow", "survicate", "swell", "swiftype", "tailscale", "tallyfy", "tatum",
    "taxjar", "teamgate", "teamviewer", "teamwork", "technicalanalysis", "telegram", "telnyx", "terraform", "text2data", "textmagic", "theoddsapi",
    "thinkific", "thousandeyes", "ticketmaster", "tickettailor", "tiingo", "timecamp", "timezoneapi", "tineswebhook", "tly", "tmetric", "todoist", "toggl",
    "tomorrow", "tomtom", "tradier", "transferwise", "travelpayouts", "travis", "trello", "trufflehog", "tru_account", "twelvelabs", "twilio", "twist",
    "twitch", "twitter", "tyntec", "typeform", "typetalk", "ubidots", "uclassify", "unify", "unplugg", "unsplash", "upcdatabase", "uplead", "uploadcare",
    "uptimerobot", "upwave", "urlscan", "userflow", "userstack", "vatlayer", "vbout", "vercel", "verifier", "verimail", "veriphone", "versioneye",
    "viewneo", "virustotal", "visualcrossing", "voicegain", "voodoosms", "vouchery", "vpnapi", "vultr", "vyte", "walkscore", "wandb", "weatherbit",
    "weatherstack", "webex", "webflow", "webscraper", "webscraping", "wepay", "whoxy", "wistia", "wit.ai", "wiz", "worksnaps", "workstack", "worldcoin", "worldweather",
    "wrike", "xai", "yandex", "yelp", "youneedabudget", "ynab", "yousign", "youtube", "zai", "zapier", "zendesk", "zenrows", "zenscrape", "zenserp", "zeplin",
    "zerobounce", "zerotier", "zillow", "zipapi", "zipbooks", "zipcodeapi", "zipcodebase", "zoho", "zonkafeedback", "zoom", "zulip",
];

/// Ends of names of what is said *about* a secret.
pub(crate) const ABOUT: &[&str] = &[
    "hash", "name", "names", "id", "ids", "length", "len", "field", "file", "files", "path", "url", "uri", "policy", "type",
    "ttl", "expires", "expiry", "expiration", "endpoint", "label", "hint", "prompt", "reset", "change", "count",
    "size", "max", "min", "limit", "limits", "usage", "form", "input", "error", "errors", "invalid", "required", "enabled",
    "exists", "confirm", "confirmation", "manager", "provider", "store", "service", "factory", "version", "arn",
    "ref", "refs", "index", "header", "algorithm", "encoding", "format", "prefix", "suffix", "env", "var", "dir", "mode", "kind", "status",
    "state", "strength", "generator", "validator", "rotation", "placeholder", "title", "text", "message", "description", "link", "regex", "pattern",
    "source", "issuer", "audience", "scope", "scopes", "time", "date", "at", "age", "lifetime", "location", "mount", "volume", "class", "config", "handler", "template",
];
