# unusable: has no `scaled`
